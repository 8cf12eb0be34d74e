import { afterAll, expect, setDefaultTimeout, test } from "bun:test";
import { silentLog } from "@carillon/kit/observe";
import { createInternalService } from "@carillon/kit/service";
import { productResource, withSettings } from "@carillon/testing/dapr-files";
import { openDaprStack } from "@carillon/testing/dapr-stack";
import { onSweepRoutes } from "../../src/on-sweep.ts";

setDefaultTimeout(60_000);

const appToken = "the-apps-own-token";
const stack = openDaprStack();
afterAll(() => stack.close());

test("G11: Dapr's cron binding triggers the comparison with api, with the app's token", async () => {
  let sweeps = 0;
  const asked: string[] = [];
  const door = createInternalService({
    name: "notification",
    log: silentLog,
    appToken,
    routes: onSweepRoutes({ courier: { sweep: () => void sweeps++ } }),
  });
  const app = Bun.serve({
    port: 0,
    hostname: "127.0.0.1",
    async fetch(request) {
      const response = await door.handle(request);
      if (request.url.endsWith("/internal/sweep")) asked.push(`${request.method} ${response.status}`);
      return response;
    },
  });
  const cron = withSettings(productResource("reminder-cron.yaml"), { schedule: "@every 1s" });
  await stack.startSidecar({ appId: "notification", appPort: app.port ?? 0, resources: [cron], appToken });
  for (let waitedMs = 0; sweeps < 2 && waitedMs < 10_000; waitedMs += 50) await Bun.sleep(50);
  expect(sweeps).toBeGreaterThanOrEqual(2);
  expect(new Set(asked.filter((one) => one.startsWith("POST")))).toEqual(new Set(["POST 204"]));
  expect((await fetch(new URL("/internal/sweep", app.url), { method: "POST" })).status).toBe(401);
  await app.stop(true);
});
