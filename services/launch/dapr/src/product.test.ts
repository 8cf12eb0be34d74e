import { expect, test } from "bun:test";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { silentLog } from "@carillon/kit/observe";
import { createStops } from "@carillon/kit/service";
import { startProduct } from "./product.ts";
import { readSettings } from "./settings.ts";
import type { Supervisor } from "./supervisor.ts";

async function startRecorded(dataDir: string) {
  const steps: string[] = [];
  const supervisor: Supervisor = {
    start: async (pieces) => void steps.push(`start ${pieces.map(({ name }) => name).join(" ")}`),
    stop: async (names) => void steps.push(`stop ${names.join(" ")}`),
    close: () => {},
  };
  const stops = createStops();
  await startProduct({
    settings: readSettings({}),
    binaries: {
      daprd: "/bin/daprd",
      scheduler: "/bin/scheduler",
      broker: { kind: "redpanda", program: "/bin/redpanda" },
      zipkin: { java: "/bin/java", jar: "zipkin.jar" },
    },
    dataDir,
    database: {
      urlOf: (schema) => `postgres://carillon_${schema}@127.0.0.1/carillon`,
      ownerUrl: "postgres://carillon_owner@127.0.0.1/carillon",
      stop: async () => {},
    },
    tokens: { app: "app-token", dapr: "dapr-token", jwt: "jwt-secret", audit: "audit-key" },
    environment: {},
    supervisor,
    makeTopics: async ({ KAFKA_BROKERS }) => void steps.push(`topics at ${KAFKA_BROKERS}`),
    stops,
    log: silentLog,
  });
  return { steps, stops };
}

const sidecars = "api-sidecar notification-sidecar recurring-sidecar audit-sidecar realtime-sidecar ops-sidecar";
const services = "web api notification recurring audit realtime ops";

test("topics exist before any service publishes or reads; services stop first, the broker last", async () => {
  const dataDir = mkdtempSync(join(tmpdir(), "carillon-dapr-"));
  try {
    const { steps, stops } = await startRecorded(dataDir);
    expect(steps).toEqual([
      "start zipkin",
      "start broker scheduler",
      "topics at 127.0.0.1:9092",
      `start ${sidecars}`,
      `start ${services}`,
    ]);
    const forOps = readFileSync(join(dataDir, "ops.env"), "utf8");
    expect(forOps).toContain("KAFKA_BROKERS=127.0.0.1:9092\n");
    expect(forOps).not.toContain("jwt-secret");
    steps.length = 0;
    await stops.run(silentLog);
    expect(steps).toEqual([`stop ${services}`, `stop ${sidecars}`, "stop broker scheduler zipkin"]);
  } finally {
    rmSync(dataDir, { recursive: true, force: true });
  }
});
