import { afterAll, afterEach, expect, setDefaultTimeout, test } from "bun:test";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { testDatabase } from "@carillon/testing/database";
import { listening } from "@carillon/testing/listening";
import { oldestDatabase, shouldShow, shownOf } from "@carillon/testing/old-data";
import { until } from "@carillon/testing/until";

setDefaultTimeout(40_000);

const database = await testDatabase({ migrations: [] });
const dataDir = mkdtempSync(join(tmpdir(), "carillon-processes-"));
afterAll(async () => {
  await database.close();
  rmSync(dataDir, { recursive: true, force: true });
});

const withSchema = ["api", "audit", "notification"] as const;
const withoutSchema = ["recurring", "realtime", "web"] as const;
const all = [...withSchema, ...withoutSchema];
type Name = (typeof all)[number];

const mainOf = (name: Name): string =>
  join(import.meta.dir, "../../..", name === "web" ? "web" : `services/${name}`, "src/main.ts");
const databaseOf = (name: Name): Record<string, string> => {
  const schema = withSchema.find((one) => one === name);
  return schema ? { DATABASE_URL: database.urlFor(schema) } : {};
};
const asOwner = { DATABASE_URL: database.urlFor("owner") };

const started: { kill(signal: "SIGKILL"): void }[] = [];
afterEach(() => {
  for (const child of started.splice(0)) child.kill("SIGKILL");
});

function run(name: Name, more: Record<string, string>, ...given: string[]) {
  const env = {
    PATH: Bun.env.PATH ?? "",
    HOST: "127.0.0.1",
    [`${name.toUpperCase()}_PORT`]: "0",
    [`${name.toUpperCase()}_INTERNAL_PORT`]: "0",
    APP_API_TOKEN: "app-token-of-the-tests",
    JWT_SECRET: "a-secret-of-the-tests-that-is-long-enough",
    AUDIT_KEY: "a-key-of-the-tests-that-is-long-enough",
    DATA_DIR: dataDir,
    // No sidecar is there: a service does its own work without it.
    DAPR_HTTP_PORT: "1",
    ...databaseOf(name),
    ...more,
  };
  const child = Bun.spawn([process.execPath, mainOf(name), ...given], { env, stdout: "pipe", stderr: "pipe" });
  started.push(child);
  return child;
}

test.each(all)(
  "%s in a process of its own is healthy without its sidecar and reports that; G24: SIGTERM ends it in order",
  async (name) => {
    if (withSchema.some((one) => one === name)) expect(await run(name, asOwner, "migrate").exited).toBe(0);
    const child = run(name, {});
    const { open, internal } = await listening(child.stdout);
    const health = await fetch(`${open}/health`);
    expect(health.status).toBe(200);
    const body = await health.json();
    expect(body.sidecar).toBe(name === "web" ? "none" : "away");
    if (withSchema.some((one) => one === name)) expect(body.database).toBe("ok");
    if (name === "api") expect(body.broker).toBe("ok");
    if (name !== "web")
      expect(await (await fetch(`${internal}/metrics`)).text()).toContain(
        'dapr_component_health{component="sidecar"} 0',
      );
    const askedAt = performance.now();
    child.kill("SIGTERM");
    expect(await child.exited).toBe(0);
    expect(performance.now() - askedAt).toBeLessThan(20_000);
  },
);

test("services in processes of their own take over what the first release wrote", async () => {
  const old = await oldestDatabase();
  for (const name of withSchema)
    expect(await run(name, { DATABASE_URL: old.database.urlFor("owner") }, "migrate").exited).toBe(0);
  const child = run("api", { DATABASE_URL: old.database.urlFor("api") });
  const { open } = await listening(child.stdout);
  await until("the dates have moved", async () => Bun.deepEquals(await shownOf(open, old.account), shouldShow));
  await old.database.close();
});

test.each(all)(
  "G26: %s says in one sentence what is wrong with its settings or its call, and exits with 1",
  async (name) => {
    const weak = run(name, { APP_API_TOKEN: "short" });
    expect(await weak.exited).toBe(1);
    expect(await new Response(weak.stderr).text()).toBe(
      "APP_API_TOKEN is too weak: it has 5 characters and needs at least 16.\n",
    );
    const wrong = run(name, {}, "serve");
    expect(await wrong.exited).toBe(1);
    expect(await new Response(wrong.stderr).text()).toStartWith('"serve" is not a command; there ');
  },
);

test("a service whose port is taken, or whose database is away when it should migrate, says so and exits with 1", async () => {
  const taken = Bun.serve({ port: 0, hostname: "127.0.0.1", fetch: () => new Response() });
  const child = run("web", { WEB_PORT: String(taken.port) });
  expect(await child.exited).toBe(1);
  expect(await new Response(child.stderr).text()).toBe(
    `Port ${taken.port} is in use by another program; stop it or set WEB_PORT to a free port.\n`,
  );
  await taken.stop(true);
  const migrating = run("audit", { DATABASE_URL: "postgres://unknown@127.0.0.1:1/nowhere" }, "migrate");
  expect(await migrating.exited).toBe(1);
  expect(await new Response(migrating.stderr).text()).toBe("The database cannot be reached; check DATABASE_URL.\n");
});
