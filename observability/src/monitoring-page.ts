import { readFileSync } from "node:fs";
import { join } from "node:path";
import { dashboards } from "./generated.ts";
import { type Metric, ours } from "./metric.ts";
import { ruleGroups } from "./rules.ts";

export const pageFile = join(import.meta.dir, "../../docs/monitoring.md");

/** docs/monitoring.md with its tables generated from code and rules; the text around them is kept. */
export function monitoringPage(): string {
  const tables = { dashboards: dashboardTable(), metrics: metricTable(), alerts: alertTable() };
  return Object.entries(tables).reduce(
    (text, [name, rows]) =>
      text.replace(
        new RegExp(`(<!-- ${name}:[^>]*-->)[\\s\\S]*?(<!-- /${name} -->)`),
        (_all, start: string, end: string) => `${start}\n\n${rows}\n\n${end}`,
      ),
    readFileSync(pageFile, "utf8"),
  );
}

const row = (...cells: string[]): string => `| ${cells.join(" | ")} |`;
const table = (head: string[], rows: string[]): string =>
  [row(...head), row(...head.map(() => "---")), ...rows].join("\n");

const dashboardTable = (): string =>
  table(
    ["dashboard", "what it tells"],
    dashboards.map(({ title, description }) => row(title, description)),
  );

const metricTable = (): string =>
  table(
    ["metric", "kind", "labels", "what it says"],
    Object.values<Metric>(ours).map(({ name, kind, labels, help }) =>
      row(`\`${name}\``, kind, labels.map((label) => `\`${label}\``).join(", "), help),
    ),
  );

function alertTable(): string {
  const alerts = [...ruleGroups().values()].flat().flatMap((group) => group.rules.filter((rule) => rule.alert));
  return table(
    ["alert", "severity", "what happened"],
    alerts.map(({ alert = "", labels, annotations }) => {
      const runbook = (annotations?.runbook_url ?? "").replace(/^.*\/runbooks\//, "../observability/runbooks/");
      return row(`[${alert}](${runbook})`, labels?.severity ?? "", annotations?.summary ?? "");
    }),
  );
}
