import { metrics } from "@carillon/kit/observe";
import type { Counter, Gauge, Histogram } from "prom-client";

export type Kind = "counter" | "gauge" | "histogram";

/** A metric a query may name. `Label` are its own labels, which the compiler holds a query to. */
export type Metric<Label extends string = string> = {
  name: string;
  kind: Kind;
  help: string;
  labels: readonly Label[];
};

/** What Prometheus itself writes on every series of a target. */
export const targetLabels = ["job", "instance", "namespace", "pod", "container", "node", "le"] as const;
export type TargetLabel = (typeof targetLabels)[number];

// Without labels of its own a prom-client metric is typed with `string`: it has none.
type Known<Label> = string extends Label ? never : Label;
type LabelOf<Given> = Given extends Counter<infer Label> | Gauge<infer Label> | Histogram<infer Label>
  ? Known<Label>
  : never;
type Ours = { [Key in keyof typeof metrics]: Metric<LabelOf<(typeof metrics)[Key]>> };

/** The product's own metrics, under the names the code uses for them. */
export const ours: Ours = mapped();

function mapped(): Ours {
  const all = Object.entries(metrics).map(([key, metric]) => [key, describe(metric)]);
  // Sound: one entry per key of `metrics`, each described from the very metric.
  return Object.fromEntries(all) as Ours;
}

/** prom-client keeps a metric's name, help and labels on the object without typing them. */
function describe(metric: object): Metric {
  const { name, help, labelNames } = metric as { name: string; help: string; labelNames: readonly string[] };
  return { name, help, labels: labelNames, kind: kindOf(metric) };
}

function kindOf(metric: object): Kind {
  const kind = metric.constructor.name.toLowerCase();
  if (kind === "counter" || kind === "gauge" || kind === "histogram") return kind;
  throw new Error(`${kind} is a kind of metric that dashboards do not know.`);
}
