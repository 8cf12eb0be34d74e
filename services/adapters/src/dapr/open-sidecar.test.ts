import { expect, test } from "bun:test";
import { metrics, silentLog } from "@carillon/kit/observe";
import { daprAlarms } from "./alarms.ts";
import { openSidecar } from "./open-sidecar.ts";
import { daprState } from "./state.ts";

const config = { DAPR_HTTP_PORT: 3_500, DAPR_API_TOKEN: "secret" };

async function figures(): Promise<Record<string, number>> {
  const { values } = await metrics.daprComponentHealth.get();
  return Object.fromEntries(values.map(({ labels, value }) => [String(labels.component), value]));
}

test("whether the sidecar is there is checked on demand, and kept as a metric", async () => {
  let isUp = true;
  const asked: string[] = [];
  const sidecar = openSidecar(config, silentLog, async (request) => {
    asked.push(`${new URL(request.url).pathname} ${request.headers.get("dapr-api-token")}`);
    if (!isUp) throw new TypeError("connection refused");
    return new Response(null, { status: 204 });
  });
  expect(await sidecar.health.sidecar()).toBe("ok");
  expect((await figures()).sidecar).toBe(1);
  isUp = false;
  expect(await sidecar.health.sidecar()).toBe("away");
  expect((await figures()).sidecar).toBe(0);
  expect(new Set(asked)).toEqual(new Set(["/v1.0/healthz/outbound secret"]));
  await sidecar.stop();
});

test("the sidecar's answer about a component sets the component's metric", async () => {
  let status = 204;
  const sidecar = openSidecar(config, silentLog, async () => new Response(null, { status }));
  const state = daprState({ ...sidecar, store: "statestore" });
  const alarms = daprAlarms(sidecar);
  await state.delete("a");
  await alarms.clear("a");
  expect(await figures()).toMatchObject({ statestore: 1, jobs: 1 });
  status = 500;
  await expect(state.delete("a")).rejects.toMatchObject({ code: "unavailable" });
  await expect(alarms.clear("a")).rejects.toMatchObject({ code: "unavailable" });
  expect(await figures()).toMatchObject({ statestore: 0, jobs: 0 });
  await sidecar.stop();
});
