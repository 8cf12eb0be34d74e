import { afterAll, afterEach, describe, expect, test } from "bun:test";
import {
  existsSync,
  lstatSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { isRunning } from "@carillon/testing/is-running";
import postgres from "postgres";
import { type Server, startEmbeddedPostgres } from "../src/postgres/embedded-postgres.ts";

const home = mkdtempSync(join(tmpdir(), "carillon-embedded-"));
const running: Server[] = [];
const folder = join(home, "cluster");
const start = async (options: { folder?: string; port?: number } = {}): Promise<Server> => {
  const server = await startEmbeddedPostgres({ folder, password: "pass word/ü", durable: true, ...options });
  running.push(server);
  return server;
};
const ask = async (server: Server, query: string): Promise<unknown[][]> => {
  const sql = postgres(server.urlOf("postgres"), { max: 1, onnotice: () => {} });
  const rows = await sql.unsafe(query).values();
  await sql.end();
  return [...rows];
};
afterEach(async () => {
  for (const server of running.splice(0)) await server.stop();
});
afterAll(() => rmSync(home, { recursive: true, force: true }));

describe("a server of our own", () => {
  test("keeps what was committed, over a stop and a start", async () => {
    const first = await start();
    await ask(first, "create table kept as select 'yes' as answer");
    await first.stop();
    expect(await ask(await start(), "select answer from kept")).toEqual([["yes"]]);
  });

  test("is durable, uses UTF-8 on every platform, and asks for the password", async () => {
    const server = await start();
    const settings =
      "select current_setting('fsync'), current_setting('server_encoding'), current_setting('timezone'), lower('ÄÉΩ')";
    expect(await ask(server, settings)).toEqual([["on", "UTF8", "UTC", "äéω"]]);
    const stranger = postgres(server.urlOf("postgres").replace(/:[^:@]+@/, ":guess@"), { max: 1 });
    expect(
      await stranger`select 1`.catch((error: unknown) =>
        error instanceof postgres.PostgresError ? error.code : error,
      ),
    ).toBe("28P01");
    await stranger.end();
  });

  test("listens on the loopback only, and on no socket file", async () => {
    const server = await start();
    const where = "select current_setting('listen_addresses'), current_setting('unix_socket_directories')";
    expect(await ask(server, where)).toEqual([["127.0.0.1", ""]]);
  });

  test("takes the given port, so that a supervisor can restart it where clients look", async () => {
    const first = await start();
    await first.stop();
    expect((await start({ port: first.port })).port).toBe(first.port);
  });

  test("says in one sentence when its port is taken", async () => {
    const first = await start();
    const second = start({ folder: join(home, "other"), port: first.port });
    expect(await second.catch((error: unknown) => (error instanceof Error ? error.message : ""))).toBe(
      `The database in ${join(home, "other")} does not start: could not create any TCP/IP sockets.`,
    );
  });
});

describe("after a kill -9", () => {
  test("of the product: the server left running is stopped, what it had committed is there", async () => {
    const first = await start();
    await ask(first, "drop table if exists left_behind; create table left_behind as select 1 as one");
    // The product that started it is gone: stop() is never called.
    running.splice(0);
    const second = await start();
    expect(isRunning(first.pid)).toBe(false);
    expect(await ask(second, "select one from left_behind")).toEqual([[1]]);
  });

  test("of the server itself: it recovers, and reports that it had ended", async () => {
    const first = await start();
    await ask(first, "drop table if exists survived; create table survived as select 1 as one");
    process.kill(first.pid, "SIGKILL");
    await first.ended;
    expect(await ask(await start(), "select one from survived")).toEqual([[1]]);
  });

  test("while the cluster was being created: the partial one is removed and a complete one created", async () => {
    const half = join(home, "fresh.init-1");
    mkdirSync(join(half, "cluster"), { recursive: true });
    writeFileSync(join(half, "cluster", "PG_VERSION"), "18\n");
    const server = await start({ folder: join(home, "fresh") });
    expect(await ask(server, "select 1")).toEqual([[1]]);
    expect(readdirSync(home).filter((name) => name.includes(".init-"))).toEqual([]);
  });

  test("a process that has reused the dead server's pid is left alone, and the server starts", async () => {
    await (await start()).stop();
    const stranger = Bun.spawn(["sleep", "60"]);
    writeFileSync(join(folder, "postmaster.pid"), `${stranger.pid}\n${folder}\n1700000000\n5432\n\n127.0.0.1\n`);
    expect(await ask(await start(), "select 1")).toEqual([[1]]);
    // A process that was signalled has no exit code but a signal's.
    await Bun.sleep(50);
    expect([stranger.exitCode, stranger.signalCode]).toEqual([null, null]);
    stranger.kill();
  });

  test("an empty or malformed pid file is ignored", async () => {
    await (await start()).stop();
    writeFileSync(join(folder, "postmaster.pid"), "");
    expect(await ask(await start(), "select 1")).toEqual([[1]]);
  });
});

test("a cluster of another major version is refused in one sentence, untouched", async () => {
  const old = join(home, "old");
  mkdirSync(old);
  writeFileSync(join(old, "PG_VERSION"), "15\n");
  const message = await start({ folder: old }).catch((error: unknown) => (error instanceof Error ? error.message : ""));
  expect(message).toBe(`The database in ${old} was made by PostgreSQL 15, this Carillon brings 18.`);
  expect(readFileSync(join(old, "PG_VERSION"), "utf8")).toBe("15\n");
});

test("the cluster is readable by its owner only, and does not contain its password", async () => {
  const server = await start();
  expect(lstatSync(folder).mode & 0o077).toBe(0);
  expect(existsSync(`${folder}/password`)).toBe(false);
  await server.stop();
});
