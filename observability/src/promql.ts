/** A metric as used in an expression, with the labels of its selector. */
export type Named = { name: string; matchers: readonly { label: string; value: string }[] };

const notMetrics = new Set(
  "and or unless by without on ignoring group_left group_right offset bool start end inf nan".split(" "),
);
const grouping = /\b(?:by|without|on|ignoring|group_left|group_right)\s*\(([^)]*)\)/g;

/** Every metric an expression reads. Covers the PromQL of our expressions; promtool validates the rest. */
export function metricsIn(expr: string): Named[] {
  const bare = withoutComments(expr)
    .replace(grouping, " ")
    .replace(/\[[^\]]*\]/g, " ");
  const tokens = bare.matchAll(/\d[\w.]*|([a-zA-Z_:][\w:]*)\s*(\{[^}]*\})?(\s*\()?/g);
  return [...tokens].flatMap(([, name, selector = "", call]) => {
    if (!name || call !== undefined || notMetrics.has(name.toLowerCase())) return [];
    return [{ name, matchers: matchersIn(selector) }];
  });
}

/** Every label an expression groups by or joins on. */
export const groupingLabelsIn = (expr: string): string[] =>
  [...withoutComments(expr).matchAll(grouping)].flatMap(([, labels = ""]) =>
    labels
      .split(",")
      .map((label) => label.trim())
      .filter(Boolean),
  );

/** What `rate` or `increase` is taken of. */
export const countersIn = (expr: string): string[] =>
  [...withoutComments(expr).matchAll(/\b(?:rate|irate|increase)\s*\(\s*([a-zA-Z_:][\w:]*)/g)].map(
    ([, name = ""]) => name,
  );

const withoutComments = (expr: string): string => expr.replace(/^\s*#.*$/gm, "");

const matchersIn = (selector: string): { label: string; value: string }[] =>
  [...selector.matchAll(/(\w+)\s*(?:=~|!~|!=|=)\s*"([^"]*)"/g)].map(([, label = "", value = ""]) => ({ label, value }));
