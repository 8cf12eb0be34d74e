import { afterAll, beforeAll, expect, test } from "bun:test";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

type Sent = { traceId: string; spanId: string; parentSpanId?: string; name: string; attributes: Attribute[] };
type Attribute = { key: string; value: { stringValue?: string; intValue?: number } };
type Batch = { resourceSpans: { resource: { attributes: Attribute[] }; scopeSpans: { spans: Sent[] }[] }[] };

/** What the collector received: OTLP as JSON. */
const batches: Batch[] = [];
const collector = Bun.serve({
  port: 0,
  async fetch(request) {
    if (new URL(request.url).pathname === "/hang/v1/traces") await Bun.sleep(20_000);
    else batches.push((await request.json()) as Batch);
    return Response.json({});
  },
});
const folder = mkdtempSync(join(tmpdir(), "carillon-traces-"));
const bundle = join(folder, "traced-process.js");

beforeAll(async () => {
  const entrypoints = [join(import.meta.dir, "traced-process.ts")];
  const built = await Bun.build({ entrypoints, target: "bun", minify: { whitespace: true, syntax: true } });
  await Bun.write(bundle, built.outputs[0] ?? "");
});
afterAll(async () => {
  rmSync(folder, { recursive: true });
  await collector.stop(true);
});

type Seen = { status: number; traceparent: string; stopMs: number; loaded: number; rejections: string[] };

/** Runs the service once, as its images do: from one file. */
async function run(environment: Record<string, string>, traceparent = ""): Promise<Seen & { exitCode: number }> {
  batches.length = 0;
  const child = Bun.spawn([process.execPath, bundle, traceparent], {
    cwd: folder,
    env: { PATH: process.env.PATH ?? "", ...environment },
    stderr: "inherit",
  });
  const seen = JSON.parse(await new Response(child.stdout).text()) as Seen;
  return { ...seen, exitCode: await child.exited };
}

const address = (path = "") => `http://127.0.0.1:${collector.port}${path}`;
const toCollector = { OTEL_EXPORTER_OTLP_ENDPOINT: address(), OTEL_EXPORTER_OTLP_PROTOCOL: "http/json" };
const spans = (): Sent[] =>
  batches.flatMap(({ resourceSpans }) =>
    resourceSpans.flatMap(({ scopeSpans }) => scopeSpans.flatMap((one) => one.spans)),
  );
const attributeOf = (attributes: readonly Attribute[], name: string): string | number | undefined => {
  const found = attributes.find(({ key }) => key === name);
  return found?.value.stringValue ?? found?.value.intValue;
};

test("with a collector, a request's spans arrive there when the service stops: one trace, its parents, whose work it was", async () => {
  const given = `00-${"a".repeat(32)}-${"b".repeat(16)}-01`;
  const { status, traceparent, exitCode } = await run(toCollector, given);
  expect([status, exitCode]).toEqual([200, 0]);
  const [request, inner] = ["GET /tasks/:id", "of another"].map((name) => spans().find((one) => one.name === name));
  expect(spans()).toHaveLength(2);
  expect(traceparent).toBe(`00-${request?.traceId}-${request?.spanId}-01`);
  expect([request?.traceId, request?.parentSpanId]).toEqual(["a".repeat(32), "b".repeat(16)]);
  expect([inner?.traceId, inner?.parentSpanId]).toEqual([request?.traceId, request?.spanId]);
  expect(attributeOf(request?.attributes ?? [], "http.response.status_code")).toBe(200);
  expect(attributeOf(inner?.attributes ?? [], "service.name")).toBe("audit");
});

test("only the service's name is sent about the process, and what the operator adds", async () => {
  await run({ ...toCollector, OTEL_RESOURCE_ATTRIBUTES: "deployment.environment.name=staging" });
  const [resource] = batches.flatMap(({ resourceSpans }) => resourceSpans.map((one) => one.resource));
  const told = resource?.attributes.filter(({ key }) => !key.startsWith("telemetry.sdk."));
  expect(told?.map(({ key, value }) => `${key}=${value.stringValue}`).sort()).toEqual([
    "deployment.environment.name=staging",
    "service.name=api",
  ]);
});

test("the standard variables sample: none of our own traces at ratio 0, but what the caller records is recorded", async () => {
  const none = { ...toCollector, OTEL_TRACES_SAMPLER: "parentbased_traceidratio", OTEL_TRACES_SAMPLER_ARG: "0" };
  const { traceparent } = await run(none);
  expect(traceparent).toMatch(/^00-[0-9a-f]{32}-[0-9a-f]{16}-00$/);
  expect(spans()).toEqual([]);
  await run(none, `00-${"a".repeat(32)}-${"b".repeat(16)}-01`);
  expect(spans()).toHaveLength(2);
});

test("unconfigured, or switched off, nothing of the SDK is loaded and W3C context is carried all the same", async () => {
  const given = `00-${"a".repeat(32)}-${"b".repeat(16)}-01`;
  for (const off of [
    {},
    { ...toCollector, OTEL_TRACES_EXPORTER: "none" },
    { ...toCollector, OTEL_SDK_DISABLED: "true" },
  ]) {
    const { status, traceparent } = await run(off, given);
    expect([status, spans().length]).toEqual([200, 0]);
    expect(traceparent).toStartWith(`00-${"a".repeat(32)}-`);
  }
  const child = Bun.spawn([process.execPath, join(import.meta.dir, "traced-process.ts")], { env: {} });
  expect(JSON.parse(await new Response(child.stdout).text())).toMatchObject({ status: 200, loaded: 0 });
});

test.each([
  ["away", "http://127.0.0.1:9"],
  ["hanging", address("/hang")],
])("a collector that is %s costs the service nothing, and its stop 2 s at most", async (_, endpoint) => {
  const quick = { OTEL_BSP_SCHEDULE_DELAY: "50", STAY_MS: "300" };
  const seen = await run({ ...toCollector, ...quick, OTEL_EXPORTER_OTLP_ENDPOINT: endpoint });
  expect(seen).toMatchObject({ status: 200, rejections: [], exitCode: 0 });
  expect(seen.stopMs).toBeLessThan(2_100);
});
