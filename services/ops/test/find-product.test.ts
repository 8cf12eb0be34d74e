import { afterAll, expect, test } from "bun:test";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { usualNames } from "@carillon/contracts/platform-names";
import { ConfigError } from "@carillon/kit/config";
import { type EmbeddedProduct, findProduct } from "../src/find-product.ts";

const homes: string[] = [];
afterAll(() => {
  for (const home of homes) rmSync(home, { recursive: true });
});

/** A DATA_DIR as a running product leaves it. */
function dataDir({ pidFile, secrets }: { pidFile?: string; secrets?: string }): string {
  const home = mkdtempSync(join(tmpdir(), "carillon-ops-"));
  homes.push(home);
  mkdirSync(join(home, "postgres"));
  if (pidFile !== undefined) writeFileSync(join(home, "postgres", "postmaster.pid"), pidFile);
  if (secrets !== undefined) writeFileSync(join(home, "secrets.json"), secrets);
  return home;
}

/** The product of one process, or the test fails. */
function embedded(environment: Record<string, string>): EmbeddedProduct {
  const product = findProduct(environment);
  if (product.kind !== "embedded") throw new Error("it found a broker");
  return product;
}

const pidFile = "4711\n/data/postgres\n1795268686\n54321\n/data/postgres\n127.0.0.1\n  12345 6\nready   \n";
const secrets = JSON.stringify({ role_bus: "of bus/?@", role_api: "of api", audit_key: "the-kept-key" });

test("the embedded database is found by its own note of its port, and used as the role that owns the schema", () => {
  const product = embedded({ DATA_DIR: dataDir({ pidFile, secrets }) });
  expect(product.urlOf("bus")).toBe("postgres://carillon_bus:of%20bus%2F%3F%40@127.0.0.1:54321/carillon");
  expect(product.urlOf("api")).toBe("postgres://carillon_api:of%20api@127.0.0.1:54321/carillon");
  expect(product.auditKeys().AUDIT_KEY).toBe("the-kept-key");
});

test("the environment takes precedence over what is stored", () => {
  const product = embedded({
    DATA_DIR: dataDir({ pidFile, secrets }),
    DATABASE_URL: "postgres://ops:pw@db:5432/carillon",
    AUDIT_KEY: "another-key",
  });
  expect(product.urlOf("bus")).toBe("postgres://ops:pw@db:5432/carillon");
  expect(product.auditKeys()).toEqual({ AUDIT_KEY: "another-key", AUDIT_OLD_KEY: null });
});

test("a product with a broker is found by it, and asks for a database only when one is needed", () => {
  const product = findProduct({
    KAFKA_BROKERS: "redpanda:9092",
    DAPR_HTTP_PORT: "3600",
    DAPR_API_TOKEN: "token of the sidecar",
  });
  expect(product).toMatchObject({
    kind: "dapr",
    broker: { brokers: ["redpanda:9092"], tls: false, login: null },
    sidecar: new URL("http://127.0.0.1:3600"),
    daprToken: "token of the sidecar",
    names: usualNames,
    replication: 0,
  });
  expect(() => product.urlOf("api")).toThrow("DATABASE_URL is not set");
  const url = "postgres://carillon_ops:pw@db:5432/carillon";
  const whole = findProduct({ KAFKA_BROKERS: "redpanda:9092", DATABASE_URL: url });
  expect([whole.urlOf("api"), whole.urlOf("audit")]).toEqual([url, url]);
});

const broken: [string, () => unknown, string][] = [
  ["no product there", () => embedded({ DATA_DIR: dataDir({ secrets }) }).urlOf("bus"), "No Carillon is running on"],
  [
    "a database that is just starting",
    () => embedded({ DATA_DIR: dataDir({ pidFile: "4711\n", secrets }) }).urlOf("bus"),
    "No Carillon is running on",
  ],
  ["no secrets", () => embedded({ DATA_DIR: dataDir({ pidFile }) }).urlOf("bus"), "secrets.json does not hold"],
  [
    "malformed secrets",
    () => embedded({ DATA_DIR: dataDir({ pidFile, secrets: "[" }) }).urlOf("bus"),
    "secrets.json does not hold",
  ],
  [
    "a missing secret",
    () => embedded({ DATA_DIR: dataDir({ pidFile, secrets }) }).urlOf("state"),
    "secrets.json does not hold",
  ],
  ["an invalid address", () => embedded({ DATABASE_URL: "mysql://db" }), "DATABASE_URL must look like"],
];
for (const [what, find, sentence] of broken) {
  test(`G26: one sentence, not a guess: ${what}`, () => {
    expect(find).toThrow(ConfigError);
    expect(find).toThrow(sentence);
  });
}
