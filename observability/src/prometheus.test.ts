import { afterAll, beforeAll, describe, expect, test } from "bun:test";
import { metrics, registry } from "@carillon/kit/observe";
import { eventually } from "@carillon/testing/until";
import { dashboards } from "./generated.ts";
import { bucketUpTo, select } from "./query.ts";
import { ruleGroups } from "./rules.ts";
import { hastened, prometheusCommand, type RunningPrometheus, startPrometheus } from "./testing/prometheus.ts";

const command = prometheusCommand();
if (command === null)
  process.stderr.write(
    "\n*** No alert was tried on a real Prometheus 3: services/dev/lab/install-prometheus.sh builds one, PROMETHEUS names one. ***\n",
  );

/** Alerts with expressions that once could never fire. */
const watched = [
  "BackupsMissing",
  "RemindersAreLate",
  "RemindersAreVeryLate",
  "SchedulerHasNoSidecars",
  "WalNotArchived",
];
/** One hour of a rule takes thirty seconds here. */
const hasteFactor = 120;

/** Platform metrics beside the product's registry; a metric without a value is not exported. */
const platform = {
  backupAgeSeconds: 3_600 as number | null,
  archiveFailures: 0 as number | null,
  connected: 6 as number | null,
};
let latencySeconds = 0.2;

function foreignSeries(): string {
  const { backupAgeSeconds, archiveFailures, connected } = platform;
  const backup = backupAgeSeconds === null ? null : Date.now() / 1_000 - backupAgeSeconds;
  const given: [string, number | null][] = [
    ['kube_pod_info{pod="postgres-1",created_by_kind="Cluster"}', 1],
    ['dapr_component_health{component="kafka-pubsub"}', 1],
    ["barman_cloud_cloudnative_pg_io_last_available_backup_timestamp", backup],
    ["cnpg_pg_stat_archiver_failed_count", archiveFailures],
    ["dapr_scheduler_sidecars_connected", connected],
  ];
  return given.flatMap(([series, value]) => (value === null ? [] : [`${series} ${value}\n`])).join("");
}

/** The scrape target: with each scrape ten more reminders have rung. */
function exporter() {
  return Bun.serve({
    port: 0,
    hostname: "127.0.0.1",
    fetch: async () => {
      for (let rung = 0; rung < 10; rung += 1) metrics.reminderDeliveryLatency.observe(latencySeconds);
      if (platform.archiveFailures !== null && platform.archiveFailures > 0) platform.archiveFailures += 1;
      const own = (await registry.metrics()).replace(/^dapr_component_health.*$/gm, "");
      return new Response(`${own}\n${foreignSeries()}`, { headers: { "content-type": "text/plain; version=0.0.4" } });
    },
  });
}

describe.if(command !== null)("on a real Prometheus 3", () => {
  let target: ReturnType<typeof exporter>;
  let prometheus: RunningPrometheus;

  beforeAll(async () => {
    target = exporter();
    const free = Bun.serve({ port: 0, fetch: () => new Response() });
    const port = Number(free.port);
    await free.stop(true);
    const groups = hastened([...ruleGroups().values()].flat(), hasteFactor);
    prometheus = await startPrometheus({ command: command ?? "", port, targets: [`127.0.0.1:${target.port}`], groups });
  }, 120_000);
  afterAll(async () => {
    await prometheus?.stop();
    await target?.stop(true);
  });

  const watchedFiring = async () => (await prometheus.firing()).filter((name) => watched.includes(name));

  test("whole limits are stored with a decimal, and found", async () => {
    const buckets = (which: string) => select({ name: "reminder_delivery_latency_seconds_bucket" }, { le: which });
    await eventually(
      "reminders were counted",
      async () => (await prometheus.query(buckets(bucketUpTo(1)))).length === 1,
    );
    expect((await prometheus.query(buckets(bucketUpTo(1))))[0]?.labels.le).toBe("1.0");
    expect(await prometheus.query(buckets("1"))).toEqual([]);
  }, 60_000);

  test("no alert of these fires while all is well, and every rule can be evaluated", async () => {
    await eventually(
      "rules were evaluated often enough for every `for`",
      async () => (await prometheus.rules()).iterations > 60,
    );
    expect((await prometheus.rules()).faults).toEqual([]);
    expect(await watchedFiring()).toEqual([]);
  }, 120_000);

  test("reminders that ring late, an old backup, a log that is not archived and a scheduler without sidecars are reported", async () => {
    latencySeconds = 45;
    Object.assign(platform, { backupAgeSeconds: 27 * 3_600, archiveFailures: 1, connected: 0 });
    await eventually("all of them fire", async () => (await watchedFiring()).length === watched.length);
    expect(await watchedFiring()).toEqual(watched);
  }, 120_000);

  test("they end with their cause", async () => {
    latencySeconds = 0.2;
    Object.assign(platform, { backupAgeSeconds: 60, archiveFailures: 0, connected: 6 });
    await eventually("none of them fires", async () => (await watchedFiring()).length === 0);
  }, 120_000);

  test("numbers that are missing are no good news: what is scraped by nothing is reported, too", async () => {
    Object.assign(platform, { backupAgeSeconds: null, archiveFailures: null, connected: null });
    const silent = ["BackupsMissing", "SchedulerHasNoSidecars", "WalNotArchived"];
    await eventually("all of them fire", async () => (await watchedFiring()).length === silent.length);
    expect(await watchedFiring()).toEqual(silent);
  }, 120_000);

  test("every query of a dashboard is one that Prometheus 3 answers", async () => {
    const asked = dashboards.flatMap(({ sections }) =>
      sections.flatMap(({ panels }) => panels.flatMap((panel) => panel.queries.map(({ expr }) => expr))),
    );
    const refused: string[] = [];
    for (const expr of asked) {
      const whole = expr.replace(/\$__\w+/g, "5m");
      await prometheus.query(whole).catch((error: unknown) => refused.push(String(error)));
    }
    expect(refused).toEqual([]);
  }, 120_000);
});
