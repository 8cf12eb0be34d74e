import { afterEach, describe, expect, setDefaultTimeout, test } from "bun:test";
import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { testDatabase } from "@carillon/testing/database";
import { type ProductOptions, refusedStart } from "./product.ts";
import { addTask, createRig, signUp, titles } from "./rig.ts";

setDefaultTimeout(60_000);

const { start, folder, clear } = createRig();
afterEach(clear);

/** The output of a rejected start. */
const sentence = async (options: ProductOptions): Promise<string> => {
  const { exitCode, output } = await refusedStart({ dataDir: folder(), ...options });
  expect(exitCode).toBe(1);
  expect(output.trim().split("\n")).toHaveLength(1);
  return output.trim().replace("Carillon cannot start: ", "");
};

describe("DATABASE_URL", () => {
  const ownDatabase = async (encoding = "UTF8"): Promise<URL> => {
    const database = await testDatabase({ migrations: [] });
    const name = `own_${crypto.randomUUID().slice(0, 8)}`;
    await database.sql.unsafe(`create role ${name} login password 'its own'`);
    await database.sql.unsafe(
      `create database ${name} owner ${name} template template0 encoding '${encoding}' locale 'C'`,
    );
    await database.close();
    const url = new URL(database.url);
    Object.assign(url, { username: name, password: "its own", pathname: `/${name}` });
    return url;
  };

  test("of an ordinary role that owns its database carries the whole product, and no other server is started", async () => {
    const url = await ownDatabase();
    const product = await start({ environment: { DATABASE_URL: url.href } });
    const token = await signUp(product);
    expect(await addTask(product, token, "Here")).toBe(201);
    expect(existsSync(join(product.dataDir, "postgres"))).toBe(false);
    await product.kill();
    const again = await start({ dataDir: product.dataDir, environment: { DATABASE_URL: url.href } });
    expect(await titles(again, token)).toEqual(["Here"]);
  });

  test.each([
    ["has a wrong password", { password: "wrong" }, "the password for NAME is wrong"],
    ["names a missing database", { pathname: "/nowhere" }, 'there is no database "nowhere"'],
    [
      "belongs to a role that may create nothing there",
      { pathname: "/postgres" },
      "NAME may not create schemas and extensions in postgres; grant it CREATE on that database",
    ],
  ])("that %s is one sentence", async (_what, change, expected) => {
    const url = await ownDatabase();
    const { host, username } = url;
    Object.assign(url, change);
    expect(await sentence({ environment: { DATABASE_URL: url.href } })).toBe(
      `DATABASE_URL names ${host}, but ${expected.replace("NAME", username)}.`,
    );
  });

  test("of a database in another encoding is one sentence", async () => {
    const url = await ownDatabase("SQL_ASCII");
    expect(await sentence({ environment: { DATABASE_URL: url.href } })).toBe(
      "DATABASE_URL names a database in SQL_ASCII; Carillon needs one in UTF8.",
    );
  });
});

describe("a wrong setting is one sentence, and exit code 1", () => {
  test("a port in use", async () => {
    const taken = Bun.serve({ hostname: "127.0.0.1", port: 0, fetch: () => new Response() });
    const port = String(taken.port);
    expect(await sentence({ environment: { AUDIT_PORT: port } })).toBe(
      `Port ${port} is in use by another program; stop it or set AUDIT_PORT to a free port.`,
    );
    await taken.stop(true);
  });

  test("a port of another Carillon, which keeps running", async () => {
    const first = await start();
    expect(await sentence({ urls: first.urls })).toContain("is in use by another program; stop it or set WEB_PORT");
    expect((await fetch(`${first.urls.api}/health`)).status).toBe(200);
  });

  test("two services on one port", async () => {
    expect(await sentence({ environment: { API_PORT: "8123", AUDIT_PORT: "8123" } })).toBe(
      "AUDIT_PORT is 8123, which another service already uses; give each its own.",
    );
  });

  test.each([
    [{ WEB_PORT: "http" }, 'WEB_PORT is "http"; it must be a whole number from 1 to 65535.'],
    [{ LOG_LEVEL: "loud" }, 'LOG_LEVEL is "loud"; it must be one of debug, info, warn, error.'],
    [{ JWT_SECRET: "short" }, "JWT_SECRET is too weak: it has 5 characters and needs at least 32."],
    [{ APP_API_TOKEN: "short" }, "APP_API_TOKEN is too weak: it has 5 characters and needs at least 16."],
    [{ PUBLIC_URL: "carillon" }, 'PUBLIC_URL is "carillon"; it must be an http(s) address.'],
    [{ DATABASE_URL: "mysql://x" }, "DATABASE_URL must look like postgres://user:password@host:5432/database."],
  ])("a bad setting: %p", async (environment, expected) => {
    expect(await sentence({ environment })).toBe(expected);
  });

  test("an unknown option", async () => {
    expect(await sentence({ options: ["--dmeo"] })).toBe(
      '"--dmeo" is not an option of Carillon; there is only --demo.',
    );
  });

  test("a DATA_DIR that cannot be a folder", async () => {
    const file = join(folder(), "file");
    writeFileSync(file, "");
    const reason = `DATA_DIR is ${file}/data, which this user cannot write (a part of it is a file)`;
    expect(await sentence({ dataDir: `${file}/data` })).toBe(`${reason}; choose another folder or change its owner.`);
  });

  test("a second product on the same DATA_DIR, without harm to the first", async () => {
    const first = await start();
    expect(await sentence({ dataDir: first.dataDir })).toBe(
      `Another Carillon is running on ${first.dataDir}; stop it, or set DATA_DIR to another folder.`,
    );
    expect((await fetch(`${first.urls.api}/ready`)).status).toBe(200);
  });

  test("a missing database, without its password in the sentence", async () => {
    const url = "postgres://ada:secret@127.0.0.1:9/things";
    expect(await sentence({ environment: { DATABASE_URL: url } })).toBe(
      "DATABASE_URL names 127.0.0.1:9, where no PostgreSQL answers (ECONNREFUSED).",
    );
  });

  test("a failed start leaves no database running", async () => {
    const dataDir = folder();
    const taken = Bun.serve({ hostname: "127.0.0.1", port: 0, fetch: () => new Response() });
    await refusedStart({ dataDir, environment: { WEB_PORT: String(taken.port) } });
    await taken.stop(true);
    expect(existsSync(join(dataDir, "postgres", "PG_VERSION"))).toBe(true);
    expect(existsSync(join(dataDir, "postgres", "postmaster.pid"))).toBe(false);
  });

  test("secrets that are no longer what was written", async () => {
    const dataDir = folder();
    mkdirSync(dataDir, { recursive: true });
    writeFileSync(join(dataDir, "secrets.json"), "{");
    expect(await sentence({ dataDir })).toBe(
      `${join(dataDir, "secrets.json")} cannot be read as Carillon's secrets; restore it from a backup.`,
    );
  });

  test.each([
    ["not text", 7],
    ["an empty one", ""],
    ["a short one", "short"],
  ])("a secret in the file that was not written there: %s", async (_what, value) => {
    const dataDir = folder();
    mkdirSync(dataDir, { recursive: true });
    const file = join(dataDir, "secrets.json");
    writeFileSync(file, JSON.stringify({ jwt_secret: value }));
    expect(await sentence({ dataDir })).toBe(
      `${file} holds a "jwt_secret" that Carillon did not write; restore the file from a backup.`,
    );
  });

  test("a lock that is a folder, and one that is another file", async () => {
    const dataDir = folder();
    const lock = join(dataDir, "lock");
    mkdirSync(lock, { recursive: true });
    expect(await sentence({ dataDir })).toBe(`${lock} is a folder, where Carillon keeps a file; remove it.`);
    rmSync(lock, { recursive: true });
    writeFileSync(lock, "what is this? ".repeat(500));
    expect(await sentence({ dataDir })).toBe(`${lock} is not the file that Carillon keeps there; remove it.`);
  });

  test("secrets without their database: no empty one takes its place until the secrets are removed, too", async () => {
    const first = await start();
    const { dataDir } = first;
    await first.stop();
    const database = join(dataDir, "postgres");
    const version = join(database, "PG_VERSION");
    const kept = readFileSync(version);
    rmSync(version);
    expect(await sentence({ dataDir })).toBe(
      `The folder ${database} holds no complete database (PG_VERSION is missing); restore it from a backup, or set DATA_DIR to another folder.`,
    );
    writeFileSync(version, kept);
    const again = await start({ dataDir });
    await again.stop();
    for (const lose of [() => rmSync(database, { recursive: true }), () => mkdirSync(database)]) {
      lose();
      expect(await sentence({ dataDir })).toBe(
        `The database is missing from ${database}, although secrets.json belongs to an existing one; restore the folder from a backup, or remove secrets.json to start with an empty one.`,
      );
    }
    rmSync(join(dataDir, "secrets.json"));
    await (await start({ dataDir })).stop();
  });
});
