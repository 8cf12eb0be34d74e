import { metricsIn } from "./promql.ts";
import { ruleGroups } from "./rules.ts";

/** Every metric that a rule reads, sorted, each once. */
export const metricsOfRules = (): string[] => {
  const rules = [...ruleGroups().values()].flat().flatMap((group) => group.rules);
  return [...new Set(rules.flatMap(({ expr }) => metricsIn(expr).map(({ name }) => name)))].toSorted();
};
