import { expect, test } from "bun:test";
import { silentLog } from "../observe/log.ts";
import type { Probes } from "./health.ts";
import { createService } from "./service.ts";

const healthOf = async (health?: Probes): Promise<unknown> => {
  const app = createService({ name: "recurring", log: silentLog, appToken: "token", ...(health ? { health } : {}) });
  const answer = await app.handle(new Request("http://localhost/health"));
  expect(answer.status).toBe(200);
  return answer.json();
};

test("every service names database, sidecar and broker, also those it has not", async () => {
  expect(await healthOf()).toMatchObject({
    status: "ok",
    service: "recurring",
    database: "none",
    sidecar: "none",
    broker: "none",
  });
});

test("a part that fails, throws or does not answer in a second is away; the others are as they are", async () => {
  const probes: Probes = {
    database: () => Promise.reject(new Error("no")),
    sidecar: () => {
      throw new Error("no");
    },
    broker: () => new Promise<never>(() => {}),
    zones: () => "2026c",
  };
  const states = { database: "away", sidecar: "away", broker: "away", zones: "2026c" };
  expect(await healthOf(probes)).toMatchObject(states);
});
