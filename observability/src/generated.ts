import { dapr } from "../dashboards/dapr.ts";
import { kafka } from "../dashboards/kafka.ts";
import { recurringTasks } from "../dashboards/recurring-tasks.ts";
import { reminders } from "../dashboards/reminders.ts";
import { services } from "../dashboards/services.ts";
import { slo } from "../dashboards/slo.ts";
import { web } from "../dashboards/web.ts";
import { type Dashboard, dashboardJson } from "./dashboard.ts";
import { plainRules } from "./rules.ts";

export const dashboards: readonly Dashboard[] = [slo, services, web, kafka, dapr, recurringTasks, reminders];

/** File name → text of everything that `npm run gen` writes to `generated/`. */
export function generatedFiles(): Map<string, string> {
  const texts = dashboards.map((dashboard): [string, string] => [
    `${dashboard.uid}.json`,
    `${JSON.stringify(dashboardJson(dashboard), null, 2)}\n`,
  ]);
  return new Map([...texts, ["rules.yaml", plainRules()]]);
}
