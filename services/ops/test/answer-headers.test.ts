import { expect, test } from "bun:test";
import { silentLog } from "@carillon/kit/observe";
import { Protection } from "@carillon/testing/protection";
import { createApp, createInternalApp } from "../src/app.ts";

const deps = { log: silentLog, appToken: "a-token-of-the-sidecar" };
const probe = () => "ok";
const watch = { health: { broker: probe, topics: probe } };

test("each route of ops's doors protects its answers, good or bad; nothing behind them can break", async () => {
  const protection = new Protection("data", { secure: false });
  const doors = [createApp({ ...deps, watch }), createInternalApp(deps)];
  for (const app of doors)
    for (const { method, path } of app.routes)
      for (const asked of [method, "PUT"]) {
        const { status, headers } = await app.handle(new Request(`http://localhost${path}`, { method: asked }));
        protection.hear({ method, route: path, status, headers });
      }
  expect(protection.faults).toEqual([]);
  expect(
    protection.unheard(
      doors.flatMap((app) => app.routes),
      ["2xx", "4xx"],
    ),
  ).toEqual([]);
});
