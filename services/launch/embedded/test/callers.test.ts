import { afterAll, beforeAll, expect, test } from "bun:test";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { appTokenHeader, callerHeader, services } from "@carillon/contracts/names";
import { callerToken } from "@carillon/kit/service";
import { appToken, openInternalDoors } from "./internal-doors.ts";

let inside: Awaited<ReturnType<typeof openInternalDoors>>;
beforeAll(async () => {
  inside = await openInternalDoors();
});
afterAll(() => inside.close());

type Route = (typeof inside.routes)[number];

async function ask({ service, method, path }: Route, headers: Record<string, string>): Promise<number> {
  const body = method === "GET" || method === "OPTIONS" ? null : "{}";
  const request = new Request(`http://localhost${path}`, { method, headers, body });
  return (await inside.doors[service].handle(request)).status;
}

/** A neighbour's headers: set by its sidecar, or its own. */
const carriedFor = (name: string) => ({ [appTokenHeader]: appToken, [callerHeader]: name });
const ownWord = (name: "web" | "realtime") => ({ [appTokenHeader]: callerToken(appToken, name) });

test("every internal route admits some caller, and rejects all others by name", async () => {
  const admitted: Record<string, string[]> = {};
  for (const route of inside.routes) {
    const names: string[] = [];
    for (const name of services) {
      const status = await ask(route, carriedFor(name));
      if (status !== 403) names.push(name);
      expect([401, 404]).not.toContain(status);
    }
    if ((await ask(route, { [appTokenHeader]: appToken })) !== 403) names.push("sidecar");
    admitted[`${route.service} ${route.method} ${route.path.replace(/[0-9a-f-]{36}/, ":id")}`] = names;
  }
  expect(admitted).toEqual({
    "api GET /internal/clock": ["web", "realtime"],
    "api GET /internal/zones": ["web", "notification", "recurring"],
    "api GET /internal/audit/verify": ["ops"],
    "api POST /internal/audit/rebuild": ["ops"],
    "api POST /internal/users": ["ops"],
    "api POST /internal/session": ["realtime"],
    "api GET /internal/watch/ended-sessions": ["realtime"],
    "api GET /internal/changes": ["realtime"],
    "api POST /internal/reminders/claim": ["notification"],
    "api POST /internal/reminders/results": ["notification"],
    "api POST /internal/reminders/due": ["notification"],
    "api POST /internal/channels/take": ["notification"],
    "api POST /internal/channels/results": ["notification"],
    "api POST /internal/letters/take": ["notification"],
    "api POST /internal/letters/results": ["notification"],
    "api POST /internal/mail/bounces": ["notification"],
    "api POST /internal/unsubscribe": ["web"],
    "api PUT /internal/tasks/:id": ["recurring"],
    "api POST /internal/series/end": ["recurring"],
    "api GET /internal/occurrences/missing": ["recurring"],
    "audit POST /events/task-events": ["ops", "sidecar"],
    "audit GET /internal/entries": ["api"],
    "audit POST /internal/compare": ["api"],
    "audit POST /internal/rebuild": ["api"],
    "audit GET /internal/verify": ["api"],
    "notification POST /events/reminders": ["ops", "sidecar"],
    "notification POST /job/rem-x": ["sidecar"],
    "notification OPTIONS /internal/sweep": ["sidecar"],
    "notification POST /internal/sweep": ["sidecar"],
    "realtime POST /events/task-updates": ["sidecar"],
    "recurring POST /events/task-events": ["ops", "sidecar"],
  });
});

test("web's and realtime's own tokens open their own routes and no others, whatever name they add", async () => {
  for (const route of inside.routes) {
    for (const name of ["web", "realtime"] as const) {
      const isTheirs = (await ask(route, carriedFor(name))) !== 403;
      expect([401, 404].includes(await ask(route, ownWord(name)))).toBe(false);
      expect((await ask(route, ownWord(name))) !== 403).toBe(isTheirs);
      expect(await ask(route, { ...ownWord(name), [callerHeader]: "notification" })).toBe(401);
    }
  }
});

test("no other token opens a route", async () => {
  const words = ["", "x", appToken.slice(1), `${appToken}x`, callerToken("another-token", "web")];
  const names = ["sidecar", "Api", "api, ops", "ops,", " ", "stranger"];
  for (const route of inside.routes) {
    expect(await ask(route, {})).toBe(401);
    for (const word of words) expect(await ask(route, { [appTokenHeader]: word })).toBe(401);
    for (const name of names) expect(await ask(route, carriedFor(name))).toBe(401);
    expect(await ask(route, { authorization: `Bearer ${appToken}` })).toBe(401);
  }
});

test("sidecars have the same rules: each neighbour may call exactly the routes that admit it", async () => {
  const file = join(import.meta.dir, "../../../../kustomize/base/dapr/configuration.yaml");
  type Operation = { name: string; httpVerb: string[] };
  type Configuration = {
    metadata: { name: string };
    spec: { accessControl: { policies?: { appId: string; operations: Operation[] }[] } };
  };
  // The shape a cluster reads; `kustomize` and Dapr's own schema check the rest.
  const configurations = Bun.YAML.parse(readFileSync(file, "utf8")) as Configuration[];
  const allowed = configurations.flatMap(({ metadata, spec }) =>
    (spec.accessControl.policies ?? []).flatMap(({ appId, operations }) =>
      operations.flatMap(({ name, httpVerb }) =>
        httpVerb.map((verb) => `${appId} → ${metadata.name.replace("carillon-", "")} ${verb} ${name}`),
      ),
    ),
  );
  const admitted: string[] = [];
  for (const route of inside.routes) {
    const path = route.path.replace(/[0-9a-f-]{36}/, "*");
    // The two without a sidecar call directly.
    for (const name of services.filter((one) => one !== "web" && one !== "realtime"))
      if ((await ask(route, carriedFor(name))) !== 403)
        admitted.push(`${name} → ${route.service} ${route.method} ${path}`);
  }
  expect(allowed.sort()).toEqual(admitted.sort());
});
