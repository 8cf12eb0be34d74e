import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { type Server, startEmbeddedPostgres } from "@carillon/host/postgres";
import postgres from "postgres";
import { type Person, persistently, signUp } from "../client.ts";
import type { Random } from "../crawl/random.ts";
import { startOwn } from "../dapr-product.ts";
import { startEmbedded } from "../embedded-product.ts";
import { startLoad } from "../load.ts";
import { alive } from "../processes.ts";
import { startProxy } from "./proxy.ts";
import type { World } from "./world.ts";

const diskSize = "1500m";
const role = "carillon_draw";
const rolePassword = "carillon-draw";

export type OpenWorld = World & { close(): Promise<void> };

/** The product at work, on a database of its own behind a proxy, with people who use it. `close` takes everything down. */
export async function openWorld(isOnDapr: boolean, random: Random): Promise<OpenWorld> {
  const stops: (() => unknown)[] = [];
  const close = async (): Promise<void> => {
    for (const stop of stops.splice(0).reverse()) await stop();
  };
  return open(isOnDapr, random, stops).then(
    (world) => ({ ...world, close }),
    async (error: unknown) => {
      await close();
      throw error;
    },
  );
}

async function open(isOnDapr: boolean, random: Random, stops: (() => unknown)[]): Promise<World> {
  const folder = mkdtempSync(join(tmpdir(), "carillon-draw-"));
  stops.push(() => rmSync(folder, { recursive: true, force: true }));
  const database = await startDatabase(join(folder, "disk"), stops);
  const withTables: World["withTables"] = (work) => {
    const sql = postgres(database.server.urlOf("carillon"), { max: 2, onnotice: () => {} });
    return work(sql).finally(() => sql.end({ timeout: 2 }));
  };
  const proxy = await startProxy(database.server.port);
  stops.push(proxy.stop);
  const clockFile = join(folder, "clock");
  const url = `postgres://${role}:${rolePassword}@127.0.0.1:${proxy.port}/carillon`;
  // A line for each request, so that a wrong answer's trace says what it came from.
  const env = { DATABASE_URL: url, WRONG_CLOCK_FILE: clockFile, LOG_LEVEL: "info" };
  const preload = resolve(import.meta.dir, "wrong-clock.ts");
  const dapr = isOnDapr ? await startOwn({ env: { ...env, BUN_OPTIONS: `--preload ${preload}` } }) : null;
  const product = dapr ?? (await startEmbedded({ env, preload }));
  stops.push(product.dispose);
  const readers = await makeReaders(product.api);
  const reminderMs = { least: 10_000, most: 30_000 };
  const load = await startLoad({ api: product.api, people: 6, pauseMs: 400, reminderMs });
  stops.push(load.stop);
  const direct = () => ({ ...product.opsEnvironment(), DATABASE_URL: database.server.urlOf("carillon") });
  return {
    product: { ...product, opsEnvironment: direct },
    dapr: dapr && { ...dapr, opsEnvironment: direct },
    proxy,
    database,
    withTables,
    load,
    readers,
    random,
    poisons: [],
    objections: [],
    setClockWrongBy: (ms, program = "") => writeFileSync(clockFile, `${ms} ${program}`),
  };
}

/** A server on a disk of its own, where this machine lets us have one. */
async function startDatabase(disk: string, stops: (() => unknown)[]): Promise<World["database"]> {
  mkdirSync(disk);
  const hasOwnDisk = Bun.spawnSync(["mount", "-t", "tmpfs", "-o", `size=${diskSize}`, "tmpfs", disk]).exitCode === 0;
  if (hasOwnDisk) stops.push(() => Bun.spawnSync(["umount", disk]));
  const files = join(disk, "pg");
  const start = (port?: number): Promise<Server> =>
    startEmbeddedPostgres({ folder: files, password: "carillon-draw-superuser", durable: true, port });
  let server = await start();
  stops.push(() => server.stop());
  await makeDatabase(server);
  return {
    get server() {
      return server;
    },
    folder: files,
    hasOwnDisk,
    async start() {
      if (!alive(server.pid)) server = await start(server.port);
    },
  };
}

/** With a role that is no superuser: limits of connections and read-only settings are for such. */
async function makeDatabase(server: Server): Promise<void> {
  const admin = postgres(server.urlOf("postgres"), { max: 1, onnotice: () => {} });
  await admin.unsafe(`create role ${role} login createrole password '${rolePassword}'`);
  await admin.unsafe(`create database carillon owner ${role}`);
  await admin.end({ timeout: 2 });
}

/** Accounts that have much to be asked for. */
async function makeReaders(api: string): Promise<Person[]> {
  const description = "a long story ".repeat(1_400).trim();
  const readers: Person[] = [];
  for (let at = 0; at < 8; at++) {
    const person = await persistently(() => signUp(api, `reader-${at}`));
    for (let task = 0; task < 30; task++)
      await persistently(() => person.createTask({ title: `${task}`, description }));
    readers.push(person);
  }
  return readers;
}
