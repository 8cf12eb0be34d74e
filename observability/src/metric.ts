import { metricCatalogue } from "@carillon/contracts/metrics";

export type Kind = "counter" | "gauge" | "histogram";

/** A metric for queries. The compiler checks a query's labels against `Label`. */
export type Metric<Label extends string = string> = {
  name: string;
  kind: Kind;
  help: string;
  labels: readonly Label[];
};

/** Labels that Prometheus adds to every series of a target. */
export const targetLabels = ["job", "instance", "endpoint", "namespace", "pod", "container", "node", "le"] as const;
export type TargetLabel = (typeof targetLabels)[number];

type Catalogue = typeof metricCatalogue;
type Ours = { [Key in keyof Catalogue]: Metric<Catalogue[Key]["labels"][number]> };

/** The product's own metrics, under the names the code uses for them. */
export const ours: Ours = metricCatalogue;
