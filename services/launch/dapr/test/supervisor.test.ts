import { afterEach, beforeEach, describe, expect, test } from "bun:test";
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type Log, silentLog } from "@carillon/kit/observe";
import { until } from "@carillon/testing/until";
import type { Piece } from "../src/piece.ts";
import { birthOf, openProcessList, stopLeftovers } from "../src/process-list.ts";
import { createSupervisor, type Supervisor } from "../src/supervisor.ts";

let dataDir: string;
let warned: string[];
let supervisor: Supervisor;

beforeEach(() => {
  dataDir = mkdtempSync(join(tmpdir(), "carillon-supervisor-"));
  warned = [];
  const log: Log = { ...silentLog, warn: (message) => void warned.push(message) };
  supervisor = createSupervisor({ dataDir, list: openProcessList(dataDir), log, pause: { firstMs: 20, maxMs: 100 } });
});

afterEach(async () => {
  await supervisor.stop(["one", "two", "stubborn", "mute"]);
  rmSync(dataDir, { recursive: true, force: true });
});

/** A process that reports its start by a file of its name, and then does what `after` says. */
function piece(name: string, after = "setInterval(() => {}, 1_000)", more: Partial<Piece> = {}): Piece {
  const file = join(dataDir, `${name}.up`);
  return {
    name,
    command: [process.execPath, "-e", `await Bun.write(${JSON.stringify(file)}, String(process.pid)); ${after}`],
    folder: dataDir,
    environment: {},
    facts: { port: 1 },
    isUp: async () => existsSync(file),
    startMs: 20_000,
    stopMs: 5_000,
    ...more,
  };
}

const listed = (): Record<string, { pid: number; port: number }> =>
  JSON.parse(readFileSync(join(dataDir, "processes.json"), "utf8"));
const pidOf = (name: string): number => listed()[name]?.pid ?? 0;

describe("a process that ends unasked is restarted", () => {
  test("also when its folder, the logs, or everything is gone", async () => {
    const folder = join(dataDir, "scheduler");
    mkdirSync(folder);
    await supervisor.start([piece("one", undefined, { folder })]);
    for (const gone of [folder, join(dataDir, "logs"), dataDir]) {
      const killed = pidOf("one");
      rmSync(gone, { recursive: true, force: true });
      process.kill(killed, "SIGKILL");
      await until(
        "it is listed again",
        () => existsSync(join(dataDir, "processes.json")) && pidOf("one") !== killed && pidOf("one") !== 0,
      );
      await until("its folder is there", () => existsSync(folder));
    }
  });

  test("every time it is killed, and the list has its new pid", async () => {
    await supervisor.start([piece("one"), piece("two")]);
    const other = pidOf("two");
    for (let round = 0; round < 3; round++) {
      const killed = pidOf("one");
      process.kill(killed, "SIGKILL");
      await until("it runs again", () => pidOf("one") !== killed && pidOf("one") !== 0);
    }
    expect(pidOf("two")).toBe(other);
    expect(listed().one?.port).toBe(1);
    expect(warned).toEqual(Array(3).fill("a process ended and is restarted"));
  });

  test("also when it ends at once, again and again, without a limit", async () => {
    await supervisor.start([piece("one", "process.exit(1)")]);
    await until("six warnings", () => warned.length >= 6);
  });
});

describe("a stopped process", () => {
  test("ends, leaves the list and is not restarted", async () => {
    await supervisor.start([piece("one")]);
    const pid = pidOf("one");
    await supervisor.stop(["one"]);
    await Bun.sleep(150);
    expect(birthOf(pid)).toBeNull();
    expect(listed()).toEqual({});
    expect(warned).toEqual([]);
  });

  test("is killed when it ignores SIGTERM", async () => {
    const deaf = 'process.on("SIGTERM", () => {}); setInterval(() => {}, 1_000)';
    await supervisor.start([piece("stubborn", deaf, { stopMs: 300 })]);
    // Its file exists before it ignores the signal.
    await Bun.sleep(200);
    await supervisor.stop(["stubborn"]);
    expect(warned).toEqual(["a process does not end and is killed"]);
    expect(listed()).toEqual({});
  });

  test("stays stopped while it waits to be restarted", async () => {
    await supervisor.start([piece("one", "process.exit(1)")]);
    await until("a warning", () => warned.length >= 1);
    await supervisor.stop(["one"]);
    const said = warned.length;
    await Bun.sleep(250);
    expect(warned.length).toBe(said);
  });
});

test("a process that does not start is named, with its last output", async () => {
  const mute = piece("mute", "", { isUp: async () => false, startMs: 400 });
  const command = [process.execPath, "-e", 'console.error("the disk is full"); setInterval(() => {}, 1_000)'];
  const refusal = await supervisor.start([{ ...mute, command, startMs: 2_000 }]).catch((error: Error) => error.message);
  expect(refusal).toStartWith("mute does not start: the disk is full");
});

test("once it is closed nothing is started", async () => {
  supervisor.close();
  expect(supervisor.start([piece("one")])).rejects.toThrow("the product is being stopped");
  expect(existsSync(join(dataDir, "processes.json"))).toBe(false);
});

describe("leftovers of a killed start", () => {
  test("are stopped, each by the recorded pid and start time", async () => {
    await supervisor.start([piece("one")]);
    const pid = pidOf("one");
    const kept = readFileSync(join(dataDir, "processes.json"), "utf8");
    const elsewhere = mkdtempSync(join(tmpdir(), "carillon-leftover-"));
    writeFileSync(join(elsewhere, "processes.json"), kept);
    expect(await stopLeftovers(elsewhere, silentLog)).toEqual(["one"]);
    expect(birthOf(pid)).toBeNull();
    expect(existsSync(join(elsewhere, "processes.json"))).toBe(false);
    rmSync(elsewhere, { recursive: true });
  });

  test("are left alone when their pid belongs to another process by now", async () => {
    const stranger = Bun.spawn([process.execPath, "-e", "setInterval(() => {}, 1_000)"]);
    const born = "another boot 12345";
    writeFileSync(join(dataDir, "processes.json"), JSON.stringify({ api: { pid: stranger.pid, born } }));
    expect(await stopLeftovers(dataDir, silentLog)).toEqual([]);
    expect(birthOf(stranger.pid)).not.toBeNull();
    stranger.kill("SIGKILL");
    await stranger.exited;
  });
});
