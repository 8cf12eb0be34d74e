/**
 * A service with traces, in a process of its own: answers one request, writes what it saw as a line of
 * JSON, and stops. Its argument is the request's `traceparent`, if any.
 */

import { silentLog } from "../src/observe/log.ts";
import { startTelemetry } from "../src/observe/telemetry.ts";
import { inSpan } from "../src/observe/trace.ts";
import { createService } from "../src/service/service.ts";

const telemetry = await startTelemetry({ service: "api", environment: process.env });
const rejections: string[] = [];
process.on("unhandledRejection", (reason) => rejections.push(String(reason)));
const app = createService({ name: "api", log: silentLog, appToken: "token", parameters: { id: "name" } }).get(
  "/tasks/:id",
  () => inSpan({ name: "of another", kind: "internal", service: "audit" }, async () => ({ ok: true })),
);
const [traceparent] = process.argv.slice(2);
const answer = await app.handle(
  new Request("http://localhost/tasks/7", traceparent ? { headers: { traceparent } } : {}),
);
await Bun.sleep(Number(process.env.STAY_MS ?? 0));
const startedAt = performance.now();
await telemetry.stop();
const loaded = Object.keys(require.cache).filter((file) => file.includes("@opentelemetry/sdk")).length;
const seen = {
  status: answer.status,
  traceparent: answer.headers.get("traceparent"),
  stopMs: performance.now() - startedAt,
  loaded,
  rejections,
};
process.stdout.write(`${JSON.stringify(seen)}\n`);
// As every service does: pending exports must not keep it alive.
process.exit(0);
