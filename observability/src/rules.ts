import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";

/** One alert or recording rule. */
export type Rule = {
  alert?: string;
  record?: string;
  expr: string;
  for?: string;
  labels?: Record<string, string>;
  annotations?: Record<string, string>;
};
export type RuleGroup = { name: string; rules: Rule[] };

const folder = join(import.meta.dir, "../alerts");

/** File name → rule groups of every PrometheusRule in `alerts/`. */
export function ruleGroups(): Map<string, RuleGroup[]> {
  const files = readdirSync(folder).filter((file) => file.endsWith(".yaml"));
  return new Map(files.sort().map((file) => [file, groupsOf(file)]));
}

function groupsOf(file: string): RuleGroup[] {
  const given: unknown = Bun.YAML.parse(readFileSync(join(folder, file), "utf8"));
  // Sound: promtool and the API server's schema check the files; only known fields are read here.
  const { kind, spec } = given as { kind?: string; spec?: { groups?: RuleGroup[] } };
  if (kind !== "PrometheusRule" || !spec?.groups) throw new Error(`alerts/${file} is no PrometheusRule.`);
  return spec.groups;
}

/** The rules in the format of Prometheus and promtool. */
export const plainRules = (): string =>
  `# Made by \`npm run gen\` from alerts/*.yaml.\n${Bun.YAML.stringify({ groups: [...ruleGroups().values()].flat() }, null, 2)}\n`;
