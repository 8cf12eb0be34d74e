import { expect, test } from "bun:test";
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { metrics, registry } from "@carillon/kit/observe";
import { dashboardJson } from "./dashboard.ts";
import { dashboards, generatedFiles } from "./generated.ts";
import { faultsOf } from "./known-metrics.ts";
import { type Metric, ours } from "./metric.ts";
import { monitoringPage, pageFile } from "./monitoring-page.ts";
import { metricsIn } from "./promql.ts";
import { bucketUpTo, select } from "./query.ts";
import { ruleGroups } from "./rules.ts";

const folder = join(import.meta.dir, "../generated");
const panels = dashboards.flatMap(({ uid, sections }) =>
  sections.flatMap((section) => section.panels.map((panel) => ({ uid, ...panel }))),
);
const expressions = panels.flatMap(({ uid, title, queries }) => queries.map(({ expr }) => ({ uid, title, expr })));

test("the committed dashboards and rules are what the code says", () => {
  for (const [file, text] of generatedFiles()) {
    const path = join(folder, file);
    expect({ file, text: existsSync(path) ? readFileSync(path, "utf8") : "" }).toEqual({ file, text });
  }
  expect(readdirSync(folder).sort()).toEqual([...generatedFiles().keys()].sort());
});

test("docs/monitoring.md lists the dashboards, metrics and alerts there are", () => {
  expect(readFileSync(pageFile, "utf8")).toBe(monitoringPage());
});

test("a dashboard reads only exported metrics, by labels they have", () => {
  const faults = expressions.flatMap(({ uid, title, expr }) =>
    faultsOf(expr).map((fault) => `${uid} / ${title}: ${fault}`),
  );
  expect(faults).toEqual([]);
});

test("an expression with an unknown metric is found", () => {
  expect(faultsOf('sum by (topic) (rate(kafka_nonsense_total{topic="x"}[5m]))')).toContain(
    "kafka_nonsense_total is exported by nobody",
  );
  expect(faultsOf('task_operations_total{kind="create"}')).toEqual(["task_operations_total has no label kind"]);
  expect(faultsOf("sum by (verdict) (task_operations_total)")).toEqual(["nothing in it has the label verdict"]);
  expect(faultsOf("rate(outbox_pending_rows[5m])")).toEqual(["outbox_pending_rows is no counter"]);
  expect(faultsOf('sum(rate(task_operations_total{operation="create"}[$__rate_interval])) or vector(0)')).toEqual([]);
});

test("every panel says what it shows and in which unit", () => {
  expect(panels.filter(({ description, unit, queries }) => !description || !unit || queries.length === 0)).toEqual([]);
});

test("within a dashboard no panel has another's id, title or place", () => {
  for (const dashboard of dashboards) {
    // Sound: dashboardJson made it; only ids, titles and positions are read.
    const { panels: all } = dashboardJson(dashboard) as {
      panels: { id: number; title: string; gridPos: { x: number; y: number; w: number; h: number } }[];
    };
    expect(new Set(all.map(({ id }) => id)).size).toBe(all.length);
    expect(new Set(all.map(({ title }) => title)).size).toBe(all.length);
    const cells = all.flatMap(({ gridPos: { x, y, w, h } }) =>
      Array.from({ length: w * h }, (_, at) => `${x + (at % w)}:${y + Math.floor(at / w)}`),
    );
    expect(new Set(cells).size).toBe(cells.length);
    expect(all.every(({ gridPos: { x, w } }) => x + w <= 24)).toBe(true);
  }
});

test("no two dashboards have one address", () => {
  expect(new Set(dashboards.map(({ uid }) => uid)).size).toBe(dashboards.length);
});

/** What four of the dashboards must show, by metric. */
const asked: Record<string, string[]> = {
  kafka: ["kafka_consumer_lag_seconds", "kafka_consumer_lag_messages", "kafka_topic_end_offset", "kafka_dead_letters"],
  dapr: [
    "dapr_component_health",
    "dapr_runtime_service_invocation_req_sent_total",
    "dapr_component_pubsub_ingress_count",
    "dapr_component_pubsub_egress_bulk_count",
  ],
  "recurring-tasks": [
    "occurrences_created_total",
    "occurrence_lead_seconds_bucket",
    "rrule_calculation_duration_seconds_bucket",
  ],
  reminders: ["reminders_sent_total", "reminders_failed_total", "reminder_delivery_latency_seconds_bucket"],
};

test("the four dashboards that were asked for show what was asked for", () => {
  for (const [uid, names] of Object.entries(asked)) {
    const shown = expressions.filter((one) => one.uid === uid).flatMap(({ expr }) => metricsIn(expr));
    expect(shown.map(({ name }) => name)).toEqual(expect.arrayContaining(names));
  }
});

test("every metric of ours is on a dashboard", () => {
  const shown = new Set(expressions.flatMap(({ expr }) => metricsIn(expr)).map(({ name }) => name));
  const seen = ({ name }: Metric) => [name, `${name}_bucket`, `${name}_count`].some((series) => shown.has(series));
  expect(
    Object.values<Metric>(ours)
      .filter((metric) => !seen(metric))
      .map(({ name }) => name),
  ).toEqual([]);
});

const ruleExpressions = [...ruleGroups().values()].flat().flatMap(({ rules }) => rules.map(({ expr }) => expr));

test("a whole limit of a bucket is asked for as Prometheus 2 and as Prometheus 3 store it", () => {
  const whole = [...expressions.map(({ expr }) => expr), ...ruleExpressions].filter((expr) =>
    /\ble="\d+(\.0)?"|\ble=~"\d+"/.test(expr),
  );
  expect(whole).toEqual([]);
  expect(select({ name: "x_bucket" }, { le: bucketUpTo(30) })).toBe('x_bucket{le=~"30(\\\\.0)?"}');
});

test("a share up to a limit is asked at a limit the histogram has", async () => {
  metrics.httpRequestDuration.zero({ service: "web", method: "GET", route: "/", status: "200" });
  const bounds = new Map<string, string[]>();
  for (const { name, values } of await registry.getMetricsAsJSON()) {
    bounds.set(
      name,
      values.flatMap(({ labels }) => ("le" in labels ? [String(labels.le)] : [])),
    );
  }
  const wrong = [...expressions.map(({ expr }) => expr), ...ruleExpressions]
    .flatMap((expr) => metricsIn(expr))
    .flatMap(({ name, matchers }) =>
      matchers
        .filter(({ label }) => label === "le")
        .map(({ value }) => ({ name: name.replace(/_bucket$/, ""), value: value.replace("(\\\\.0)?", "") })),
    )
    .filter(({ name, value }) => !bounds.get(name)?.includes(value));
  expect(wrong).toEqual([]);
});
