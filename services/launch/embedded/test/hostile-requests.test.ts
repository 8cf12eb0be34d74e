import { afterAll, beforeAll, describe, expect, setDefaultTimeout, test } from "bun:test";
import { rmSync } from "node:fs";
import { join } from "node:path";
import { appTokenHeader, callerHeader, type ServiceName, services } from "@carillon/contracts/names";
import { testDatabase } from "@carillon/testing/database";
import { hostileRequests } from "@carillon/testing/hostile-requests";
import { type Addresses, listening } from "@carillon/testing/listening";
import { sendRaw } from "@carillon/testing/raw-http";
import { appToken, openInternalDoors } from "./internal-doors.ts";
import { newDataDir, type RunningProduct, startProduct } from "./product.ts";

setDefaultTimeout(120_000);

/** Concurrent connections. */
const lanes = 16;

/** Rejected, or not there. Any other answer, 422 included, comes from the route itself, or from a defect. */
const keptOut = [400, 401, 403, 404, 405];

let inside: Awaited<ReturnType<typeof openInternalDoors>>;
beforeAll(async () => {
  inside = await openInternalDoors();
});
afterAll(() => inside.close());

/** Every request that a port did not keep out. */
async function letIn(port: number): Promise<string[]> {
  const left = inside.routes.flatMap(hostileRequests);
  const found: string[] = [];
  const lane = async (): Promise<void> => {
    for (let one = left.pop(); one; one = left.pop()) {
      const { status, text } = await sendRaw(port, one.bytes);
      if (!keptOut.includes(status)) found.push(`${status} ${one.hides}: ${text.slice(-200)}`);
    }
  };
  await Promise.all(Array.from({ length: lanes }, lane));
  return found;
}

test("the routes cover every service that has neighbours, and the requests come in hundreds of variants", () => {
  expect(new Set(inside.routes.map(({ service }) => service)).size).toBe(5);
  expect(inside.routes.length).toBeGreaterThan(15);
  for (const route of inside.routes) expect(hostileRequests(route).length).toBeGreaterThan(200);
});

describe("G32: the product in one process", () => {
  let product: RunningProduct;
  beforeAll(async () => {
    product = await startProduct({ environment: { APP_API_TOKEN: appToken } });
  });
  afterAll(async () => {
    await product.stop();
    rmSync(product.dataDir, { recursive: true, force: true });
  });

  const hosted = services.filter((name) => name !== "ops");

  test.each(hosted)("%s keeps every caller out of internal routes, whatever the request looks like", async (name) => {
    expect(await letIn(Number(new URL(product.urls[name]).port))).toEqual([]);
  });

  test("not even the token opens one: they are not there", async () => {
    for (const name of hosted)
      for (const { method, path } of inside.routes) {
        const headers = { [appTokenHeader]: appToken, [callerHeader]: "recurring" };
        const body = method === "GET" || method === "OPTIONS" ? null : "{}";
        // web's form door rejects a post without an origin before it looks for the page.
        expect([403, 404, 405]).toContain((await fetch(product.urls[name] + path, { method, headers, body })).status);
      }
  });

  test("no answer shows the program, and an uncaught request is a problem document", async () => {
    for (const name of hosted) {
      const port = Number(new URL(product.urls[name]).port);
      const head = "Connection: close\r\n\r\n";
      for (const bytes of [
        `GET / HTTP/1.1\r\nHost: x%y.z:1\r\n${head}`,
        `GET /bun:info HTTP/1.1\r\nHost: localhost\r\n${head}`,
        `GET /health HTTP/1.0\r\n${head}`,
        `GET /health HTTP/1.1\r\nHost:\r\n${head}`,
        `GET /health HTTP/1.1\r\nHost: a\r\nHost: b\r\n${head}`,
      ]) {
        const { status, text } = await sendRaw(port, bytes);
        expect(status).toBeGreaterThanOrEqual(300);
        expect(status).toBeLessThan(500);
        expect(text).not.toMatch(/node_modules|\.ts:\d|Bun v|__bunfallback/);
        if (!bytes.includes("bun:info")) expect(text).toContain("Content-Type: application/problem+json");
      }
    }
  });

  test("metrics are for this machine only, and for no client behind a proxy", async () => {
    for (const name of hosted) {
      expect((await fetch(`${product.urls[name]}/metrics`)).status).toBe(200);
      const carried = { headers: { "x-forwarded-for": "203.0.113.7" } };
      expect((await fetch(`${product.urls[name]}/metrics`, carried)).status).toBe(404);
    }
  });
});

describe("G32: each service as a process of its own", () => {
  const dataDir = newDataDir();
  const children: Bun.Subprocess[] = [];
  let database: Awaited<ReturnType<typeof testDatabase>>;
  const addresses = {} as Record<ServiceName, Addresses>;

  async function start(name: ServiceName): Promise<void> {
    const folder = join(import.meta.dir, "../../../..", name === "web" ? "web" : `services/${name}`);
    const schema = (["api", "audit", "notification"] as const).find((one) => one === name);
    const env = {
      PATH: Bun.env.PATH ?? "",
      HOST: "127.0.0.1",
      [`${name.toUpperCase()}_PORT`]: "0",
      [`${name.toUpperCase()}_INTERNAL_PORT`]: "0",
      APP_API_TOKEN: appToken,
      JWT_SECRET: "a-secret-of-the-tests-that-is-long-enough",
      AUDIT_KEY: "a-key-of-the-tests-that-seals-histories",
      DATA_DIR: dataDir,
      // No dependency runs: only the doors matter here.
      DAPR_HTTP_PORT: "1",
      KAFKA_BROKERS: "127.0.0.1:1",
      NODE_ENV: "production",
      ...(schema ? { DATABASE_URL: database.urlFor(schema) } : {}),
    };
    const command = [
      process.execPath,
      "--no-env-file",
      join(folder, "src/main.ts"),
      ...(name === "ops" ? ["serve"] : []),
    ];
    const child = Bun.spawn(command, { cwd: folder, env, stdout: "pipe", stderr: "ignore" });
    children.push(child);
    addresses[name] = await listening(child.stdout);
  }

  beforeAll(async () => {
    database = await testDatabase({ migrations: ["api", "audit", "notification"] });
    await Promise.all(services.map(start));
  });
  afterAll(async () => {
    for (const child of children) child.kill("SIGKILL");
    await Promise.all(children.map((child) => child.exited));
    await database.close();
    rmSync(dataDir, { recursive: true, force: true });
  });

  test.each(services)("%s keeps every caller out of internal routes, on either port", async (name) => {
    const { open, internal } = addresses[name];
    expect(await letIn(Number(new URL(open).port))).toEqual([]);
    expect(await letIn(Number(new URL(internal).port))).toEqual([]);
  });

  test("with the sidecar's word the same routes are reached inside, and nowhere else: what was asked above is there", async () => {
    for (const { service, method, path } of inside.routes) {
      const body = method === "GET" || method === "OPTIONS" ? null : "{}";
      const statuses = async (base: string) =>
        Promise.all(
          [...services, ""].map(async (name) => {
            const headers = { [appTokenHeader]: appToken, ...(name ? { [callerHeader]: name } : {}) };
            return (await fetch(base + path, { method, headers, body })).status;
          }),
        );
      const inner = await statuses(addresses[service].internal);
      expect(inner.filter((status) => ![401, 403, 404, 405].includes(status)).length).toBeGreaterThan(0);
      expect(new Set(await statuses(addresses[service].open))).toEqual(new Set([404]));
    }
  });

  test("metrics are on the internal port only", async () => {
    for (const name of services) {
      expect((await fetch(`${addresses[name].internal}/metrics`)).status).toBe(200);
      expect((await fetch(`${addresses[name].open}/metrics`)).status).toBe(404);
    }
  });
});
