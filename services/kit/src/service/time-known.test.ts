import { expect, test } from "bun:test";
import { until } from "@carillon/testing/until";
import { followDatabaseClock } from "../clock.ts";
import { silentLog } from "../observe/log.ts";
import { createService } from "./service.ts";

test("a service is not ready before it knows the database's time", async () => {
  let isThere = false;
  const ask = async () => {
    if (!isThere) throw new Error("away");
    return new Date();
  };
  const { stop } = await followDatabaseClock({ ask, wall: () => new Date(), service: "web", log: silentLog });
  const service = createService({ name: "web", log: silentLog, appToken: "app-token" });
  const isReady = async () => (await service.handle(new Request("http://localhost/health/ready"))).status === 200;
  expect(await isReady()).toBe(false);
  isThere = true;
  await until("it is ready", isReady);
  await stop();
});
