import { foreign } from "./foreign-metrics.ts";
import { type Kind, type Metric, ours, targetLabels } from "./metric.ts";
import { countersIn, groupingLabelsIn, metricsIn } from "./promql.ts";

type Series = { labels: readonly string[]; kind: Kind };

/** Series name → its definition; a histogram has three series. */
const known = new Map<string, Series>([...Object.values<Metric>(ours), ...foreign].flatMap(seriesOf));

function seriesOf({ name, labels, kind }: Metric): [string, Series][] {
  if (kind !== "histogram") return [[name, { labels, kind }]];
  return ["_bucket", "_sum", "_count"].map((end) => [name + end, { labels, kind }]);
}

/** Errors in an expression: unknown metrics, unknown labels, rates of metrics that are not counters. */
export function faultsOf(expr: string): string[] {
  const named = metricsIn(expr);
  const unknown = named.filter(({ name }) => !known.has(name)).map(({ name }) => `${name} is exported by nobody`);
  const labels = named.flatMap(({ name, matchers }) =>
    matchers.filter(({ label }) => !labelsOf(name).includes(label)).map(({ label }) => `${name} has no label ${label}`),
  );
  const all = named.flatMap(({ name }) => labelsOf(name));
  const groups = groupingLabelsIn(expr).filter((label) => !all.includes(label));
  const rates = countersIn(expr).filter((name) => known.get(name)?.kind === "gauge");
  return [
    ...unknown,
    ...labels,
    ...groups.map((label) => `nothing in it has the label ${label}`),
    ...rates.map((name) => `${name} is no counter`),
  ];
}

const labelsOf = (name: string): string[] => [...(known.get(name)?.labels ?? []), ...targetLabels];
