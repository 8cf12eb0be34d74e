import type { Metric, TargetLabel } from "./metric.ts";

/** Label → value. A value may start with an operator: `!=x`, `=~x|y`, `!~x`. */
type Where<Label extends string> = Partial<Record<Label | TargetLabel, string>>;

export type Selection<Label extends string> = {
  where?: Where<Label>;
  /** One series per value of these; none: one series. */
  by?: readonly (Label | TargetLabel)[];
  /** The window of a rate; Grafana's own choice by default. */
  window?: string;
};

const grafanaWindow = "$__rate_interval";

/** `name{label="value"}` */
export function select<Label extends string>({ name }: { name: string }, where: Where<NoInfer<Label>> = {}): string {
  const matchers = Object.entries<string | undefined>(where).flatMap(([label, value]) => {
    if (value === undefined) return [];
    const [, operator = "=", rest = ""] = /^(=~|!~|!=)?(.*)$/.exec(value) ?? [];
    return [`${label}${operator}"${rest}"`];
  });
  return matchers.length === 0 ? name : `${name}{${matchers.join(",")}}`;
}

const grouped = (by: readonly string[] | undefined): string => (by && by.length > 0 ? ` by (${by.join(", ")})` : "");

/** Per second. */
export const rate = <Label extends string>(
  metric: Metric<Label>,
  { where, by, window }: Selection<NoInfer<Label>> = {},
): string => `sum${grouped(by)} (rate(${select(metric, where)}[${window ?? grafanaWindow}]))`;

/** How many within the window. */
export const increase = <Label extends string>(
  metric: Metric<Label>,
  { where, by, window }: Selection<NoInfer<Label>> = {},
): string => `sum${grouped(by)} (increase(${select(metric, where)}[${window ?? "$__range"}]))`;

/** How many observations of a histogram within the window. */
export const count = <Label extends string>(
  { name, ...rest }: Metric<Label>,
  selection: Selection<NoInfer<Label>> = {},
): string => increase({ ...rest, name: `${name}_count` }, selection);

/** Observations of a histogram per second. */
export const frequency = <Label extends string>(
  { name, ...rest }: Metric<Label>,
  selection: Selection<NoInfer<Label>> = {},
): string => rate({ ...rest, name: `${name}_count` }, selection);

/** `part` of `whole`, 0 to 1: 0 when the part has no series, no value when the whole has none. */
export const ratio = (part: string, whole: string): string => `(${part} or ${whole} * 0) / (${whole} > 0)`;

/** The `share` quantile of a histogram, e.g. 0.95, in its unit. */
export const quantile = <Label extends string>(
  share: number,
  { name, ...rest }: Metric<Label>,
  { where, by = [], window }: Selection<NoInfer<Label>> = {},
): string => {
  const buckets = { ...rest, name: `${name}_bucket` };
  return `histogram_quantile(${share}, ${rate(buckets, { ...(where && { where }), ...(window && { window }), by: [...by, "le"] })})`;
};

/** Matcher for a bucket's `le`: Prometheus 3 stores an integer limit as "1.0", Prometheus 2 as exported. */
export const bucketUpTo = (limit: number): string => {
  if (limit === Number.POSITIVE_INFINITY) return "+Inf";
  return Number.isInteger(limit) ? `=~${limit}(\\\\.0)?` : String(limit);
};

/** Share of a histogram's observations up to `limit`, which must be one of its buckets. */
export const within = <Label extends string>(
  limit: number,
  { name, ...rest }: Metric<Label>,
  { where, by, window }: Selection<NoInfer<Label>> = {},
): string => {
  const more = { ...(by && { by }), ...(window && { window }) };
  return ratio(
    rate({ ...rest, name: `${name}_bucket` }, { ...more, where: { ...where, le: bucketUpTo(limit) } as Where<Label> }),
    rate({ ...rest, name: `${name}_count` }, { ...more, ...(where && { where }) }),
  );
};

const aggregate =
  (operator: "sum" | "max" | "min" | "count") =>
  <Label extends string>(metric: Metric<Label>, { where, by }: Selection<NoInfer<Label>> = {}): string =>
    `${operator}${grouped(by)} (${select(metric, where)})`;

export const total = aggregate("sum");
export const most = aggregate("max");
export const least = aggregate("min");
export const howMany = aggregate("count");
