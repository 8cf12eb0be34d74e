import { afterAll, beforeAll, expect, test } from "bun:test";
import { appTokenHeader, callerHeader, services } from "@carillon/contracts/names";
import { testDatabase } from "@carillon/testing/database";
import { Protection } from "@carillon/testing/protection";
import { appToken, type Behind, openInternalDoors } from "./internal-doors.ts";

type Doors = Awaited<ReturnType<typeof openInternalDoors>>;
type App = Doors["doors"]["audit"];

const id = "018f0000-0000-7000-8000-000000000000";
const session = { user_id: id, session_id: id, expires_at: null };
let database: Awaited<ReturnType<typeof testDatabase>>;
/** Everything is there; nothing is. */
let whole: Doors;
let alone: Doors;

beforeAll(async () => {
  database = await testDatabase({ migrations: ["api", "audit", "notification"] });
  const behind: Behind = { databaseUrl: database.url, neighbour: async () => Response.json(session) };
  [whole, alone] = await Promise.all([openInternalDoors(behind), openInternalDoors()]);
});
afterAll(async () => {
  await Promise.all([whole.close(), alone.close()]);
  await database.close();
});

const asked = { user_id: id };
/** What routes inside take, so that they answer well; a new one that takes something and is not here fails. */
const bodies: Record<string, unknown> = {
  "POST /internal/compare": { ...asked, since: null, ids: [] },
  "POST /internal/rebuild": {
    ...asked,
    events: [],
    tasks: [{ id, version: 1, at: "2026-11-21T09:00:00Z", changes: {} }],
  },
  "POST /events/:topic": { id: "1", entries: [] },
};

async function hear(protection: Protection, app: App, headers: Record<string, string>): Promise<void> {
  for (const { method, path } of app.routes) {
    const body = bodies[`${method} ${path.replace(/^\/events\/.*/, "/events/:topic")}`];
    const query = method === "GET" && path.startsWith("/internal/") ? `?user_id=${id}` : "";
    const address = path.replace(/:\w+/g, id).replace("*", "rem-x") + query;
    const json = body === undefined ? {} : { "content-type": "application/json" };
    const request = new Request(`http://localhost${address}`, {
      method: method === "WS" ? "GET" : method,
      headers: { ...headers, ...json },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
    const response = await app.handle(request);
    await response.body?.cancel();
    protection.hear({ method, route: path, status: response.status, headers: response.headers });
  }
}

/** Requests that no route takes: what is refused before a route, or by the lack of one. */
async function hearRefusals(protection: Protection, app: App): Promise<void> {
  for (const { method, path } of app.routes) {
    const other = method === "PUT" ? "PATCH" : "PUT";
    const response = await app.handle(new Request(`http://localhost${path.replace(/:\w+/g, id)}`, { method: other }));
    expect([401, 404, 405]).toContain(response.status);
    protection.hear({ method, route: path, status: response.status, headers: response.headers });
  }
}

const isProbe = ({ path }: { path: string }) => /^\/(health|health\/live|metrics)$/.test(path);
const needsNothing = ({ path }: { path: string }) => /^\/(job\/\*|internal\/sweep|events\/.*)$/.test(path);

test.each(["audit", "notification", "realtime", "recurring"] as const)(
  "each route of %s's open door protects its answers, good or bad, whole or broken",
  async (name) => {
    const protection = new Protection("data", { secure: name === "realtime" });
    const authorization = { authorization: "Bearer x" };
    await hear(protection, whole.open[name] as unknown as App, authorization);
    await hear(protection, alone.open[name] as unknown as App, authorization);
    await hearRefusals(protection, whole.open[name] as unknown as App);
    expect(protection.faults).toEqual([]);
    const routes = whole.open[name].routes.filter(({ method }) => method !== "WS");
    expect(protection.unheard(routes, ["2xx", "4xx"])).toEqual([]);
    // Those that own nothing are ready as long as they listen.
    const canBreak = routes.filter(
      (route) => !isProbe(route) && (route.path === "/stream" || /^(audit|noti)/.test(name)),
    );
    expect(protection.unheard(canBreak, ["5xx"])).toEqual([]);
  },
);

test.each(["audit", "notification", "realtime", "recurring"] as const)(
  "each route of %s's internal door protects its answers, good or bad, whole or broken",
  async (name) => {
    const protection = new Protection("data", { secure: false });
    const doorOf = (doors: Doors) => doors.doors[name] as unknown as App;
    for (const doors of [whole, alone])
      for (const caller of [...services, null])
        await hear(protection, doorOf(doors), {
          [appTokenHeader]: appToken,
          ...(caller === null ? {} : { [callerHeader]: caller }),
        });
    await hear(protection, doorOf(whole), {});
    await hearRefusals(protection, doorOf(whole));
    expect(protection.faults).toEqual([]);
    expect(protection.unheard(doorOf(whole).routes, ["2xx", "4xx"])).toEqual([]);
    const canBreak = doorOf(whole).routes.filter((route) => !isProbe(route) && !needsNothing(route));
    expect(protection.unheard(canBreak, ["5xx"])).toEqual([]);
  },
);
