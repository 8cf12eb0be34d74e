import { afterAll, beforeAll, expect, setDefaultTimeout, test } from "bun:test";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { subscriptions } from "@carillon/contracts/catalog";
import { appTokenHeader, type ServiceName, services } from "@carillon/contracts/names";
import { hostileRequests } from "@carillon/testing/hostile-requests";
import { sendRaw } from "@carillon/testing/raw-http";
import { type DaprProduct, startOnDapr } from "../../src/dapr-product.ts";
import { secretOf } from "../../src/data-folder.ts";

setDefaultTimeout(240_000);

let product: DaprProduct;
beforeAll(async () => {
  product = await startOnDapr();
});
afterAll(() => product.dispose());

type Route = { method: string; path: string };

/** The calls that the sidecars' configuration allows. */
function carried(): Route[] {
  const file = join(import.meta.dir, "../../../../kustomize/base/dapr/configuration.yaml");
  type Policies = { policies?: { operations: { name: string; httpVerb: string[] }[] }[] };
  // The shape a cluster reads; a test of the services' own routes checks it.
  const all = Bun.YAML.parse(readFileSync(file, "utf8")) as { spec: { accessControl: Policies } }[];
  return all.flatMap(({ spec }) =>
    (spec.accessControl.policies ?? []).flatMap(({ operations }) =>
      operations.flatMap(({ name, httpVerb }) =>
        httpVerb.map((method) => ({ method, path: name.replace("*", crypto.randomUUID()) })),
      ),
    ),
  );
}

const routes: Route[] = [
  ...carried(),
  ...subscriptions.map(({ route }) => ({ method: "POST", path: route })),
  { method: "POST", path: "/job/rem-x" },
  { method: "POST", path: "/internal/sweep" },
  { method: "POST", path: "/internal/session" },
  { method: "GET", path: "/internal/changes" },
  { method: "GET", path: "/internal/watch/ended-sessions" },
  { method: "POST", path: "/internal/unsubscribe" },
];

/** Rejected, or not there; any other answer comes from the route itself, or from a defect. */
const keptOut = [400, 401, 403, 404, 405];

const factOf = (name: ServiceName, fact: "port" | "internalPort"): number =>
  Number(product.processes()[name]?.[fact] ?? 0);

test.each(services)("G32: %s keeps every caller out of internal routes, on either of its ports", async (name) => {
  const found: string[] = [];
  for (const port of [factOf(name, "port"), factOf(name, "internalPort")]) {
    expect(port).toBeGreaterThan(0);
    const left = routes.flatMap(hostileRequests);
    const lane = async (): Promise<void> => {
      for (let one = left.pop(); one; one = left.pop()) {
        const { status } = await sendRaw(port, one.bytes);
        if (!keptOut.includes(status)) found.push(`${status} ${one.hides}`);
      }
    };
    await Promise.all(Array.from({ length: 8 }, lane));
  }
  expect(found).toEqual([]);
});

test("the sidecar's token opens no route on a public port, and metrics are on the internal port only", async () => {
  const headers = { [appTokenHeader]: secretOf(product.dataDir, "app_api_token") };
  for (const name of services) {
    const [open, inside] = [factOf(name, "port"), factOf(name, "internalPort")];
    for (const { method, path } of routes) {
      const body = method === "GET" ? null : "{}";
      const { status } = await fetch(`http://127.0.0.1:${open}${path}`, { method, headers, body });
      expect([403, 404, 405]).toContain(status);
    }
    expect((await fetch(`http://127.0.0.1:${open}/metrics`)).status).toBe(404);
    expect((await fetch(`http://127.0.0.1:${inside}/metrics`)).status).toBe(200);
  }
});
