/**
 * Prints what a request costs without traces and with them: a call from one service to another through
 * their doors, in one process, without network and database, so that little hides the difference.
 * `bun services/adapters/bench/tracing.ts [requests] [rounds]`
 */

import { silentLog, startTelemetry } from "@carillon/kit/observe";
import { createInternalService, createService } from "@carillon/kit/service";
import { localInvoker } from "../src/local/invoker.ts";

const requests = Number(process.argv[2] ?? 20_000);
const rounds = Number(process.argv[3] ?? 5);

/** One round in a process of its own; microseconds per request. */
async function measure(): Promise<number> {
  const telemetry = await startTelemetry({ service: "recurring", environment: process.env });
  const api = createInternalService({
    name: "api",
    log: silentLog,
    appToken: "token",
    routes: [{ method: "GET", path: "/internal/x", callers: ["recurring"], handle: () => Response.json({ ok: true }) }],
  });
  const invoke = localInvoker({ doors: { api }, appToken: "token", from: "recurring" });
  const door = createService({ name: "recurring", log: silentLog, appToken: "token" }).get("/x", async () => ({
    ok: (await invoke.call("api", new Request("http://localhost/internal/x"))).ok,
  }));
  const ask = async () => void (await (await door.handle(new Request("http://localhost/x"))).text());
  for (let done = 0; done < requests / 5; done++) await ask();
  const startedAt = process.cpuUsage();
  for (let done = 0; done < requests; done++) {
    await ask();
    // Without a pause nothing would be sent, and unsent spans are dropped.
    if (done % 100 === 0) await Bun.sleep(1);
  }
  await telemetry.stop();
  const { user, system } = process.cpuUsage(startedAt);
  return (user + system) / requests;
}

async function compare(): Promise<void> {
  const collector = Bun.serve({
    port: 0,
    async fetch(request) {
      await request.bytes();
      return Response.json({});
    },
  });
  const address = `http://127.0.0.1:${collector.port}`;
  const on = { OTEL_EXPORTER_OTLP_ENDPOINT: address, OTEL_BSP_MAX_QUEUE_SIZE: "200000" };
  const tenth = { OTEL_TRACES_SAMPLER: "parentbased_traceidratio", OTEL_TRACES_SAMPLER_ARG: "0.1" };
  const modes = { off: {}, "one in ten": { ...on, ...tenth }, all: on };
  const found = new Map<string, number[]>();
  for (let round = 0; round < rounds; round++)
    for (const [mode, environment] of Object.entries(modes)) {
      const command = [process.execPath, import.meta.path, String(requests), String(rounds)];
      const child = Bun.spawn(command, { env: { ...process.env, ...environment, TRACING_BENCH_ROUND: "1" } });
      found.set(mode, [...(found.get(mode) ?? []), Number(await new Response(child.stdout).text())]);
    }
  const median = (mode: string): number => found.get(mode)?.sort((a, b) => a - b)[Math.floor(rounds / 2)] ?? Number.NaN;
  for (const mode of found.keys()) {
    const us = median(mode);
    process.stdout.write(
      `traces ${mode}: ${us.toFixed(1)} µs of processor per request (× ${(us / median("off")).toFixed(2)})\n`,
    );
  }
  await collector.stop(true);
}

if (process.env.TRACING_BENCH_ROUND) process.stdout.write(String(await measure()));
else await compare();
process.exit(0);
