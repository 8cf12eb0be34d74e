import { expect, test } from "bun:test";
import { silentLog } from "../observe/log.ts";
import { ownMetricsRoute } from "./metrics-route.ts";
import { createService } from "./service.ts";

test("figures on a public port are for programs on this machine: not for what a proxy carries", async () => {
  const app = createService({ name: "api", log: silentLog, appToken: "a token of the tests" }).use(ownMetricsRoute());
  const ask = async (headers: Record<string, string>) =>
    (await app.handle(new Request("http://localhost:8000/metrics", { headers }))).status;
  expect(await ask({})).toBe(200);
  expect(await ask({ "x-forwarded-for": "192.0.2.1" })).toBe(404);
  expect(await ask({ forwarded: "for=192.0.2.1" })).toBe(404);
});

test("figures on a public port are not for other machines", async () => {
  const app = createService({ name: "api", log: silentLog, appToken: "a token of the tests" }).use(ownMetricsRoute());
  // Bun's own word for the other end of the socket.
  Object.defineProperty(app, "server", { value: { requestIP: () => ({ address: "192.0.2.1" }), timeout() {} } });
  expect((await app.handle(new Request("http://localhost:8000/metrics"))).status).toBe(404);
});
