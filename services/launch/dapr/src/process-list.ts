import { existsSync, mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { Log } from "@carillon/kit/observe";

/** One line of `processes.json`: a process, its start time (so that a reused pid is recognised), and its addresses. */
export type Listed = { pid: number; born: string } & Record<string, string | number>;

export type ProcessList = {
  set(name: string, pid: number, facts: Readonly<Record<string, string | number>>): void;
  remove(name: string): void;
  /** Nothing runs any more. */
  close(): void;
};

const fileOf = (dataDir: string): string => join(dataDir, "processes.json");

/**
 * The running processes, kept in `DATA_DIR/processes.json`: for tests and people, and for the next
 * start if this one is killed.
 */
export function openProcessList(dataDir: string): ProcessList {
  const entries = new Map<string, Listed>();
  const file = fileOf(dataDir);
  const write = (): void => {
    mkdirSync(dataDir, { recursive: true });
    writeFileSync(`${file}.new`, `${JSON.stringify(Object.fromEntries(entries), null, 2)}\n`, { mode: 0o600 });
    renameSync(`${file}.new`, file);
  };
  return {
    set(name, pid, facts) {
      entries.set(name, { pid, born: birthOf(pid) ?? "", ...facts });
      write();
    },
    remove(name) {
      entries.delete(name);
      write();
    },
    close: () => rmSync(file, { force: true }),
  };
}

const graceMs = 5_000;

/**
 * Stops what a killed product left running on this folder, and returns the names. A process counts as
 * ours only with the recorded start time: after a reboot, or in a restarted container, its pid may
 * belong to any process.
 */
export async function stopLeftovers(dataDir: string, log: Log): Promise<string[]> {
  const file = fileOf(dataDir);
  if (!existsSync(file)) return [];
  const ours = Object.entries(readList(file)).filter(([, listed]) => isStill(listed));
  if (ours.length > 0)
    log.warn("processes were left running by a killed start; they are stopped", {
      processes: ours.map(([name]) => name),
    });
  for (const [, { pid }] of ours) signal(pid, "SIGTERM");
  for (let waitedMs = 0; waitedMs < graceMs && ours.some(([, one]) => isStill(one)); waitedMs += 50)
    await Bun.sleep(50);
  for (const [, one] of ours) if (isStill(one)) signal(one.pid, "SIGKILL");
  for (let waitedMs = 0; waitedMs < graceMs && ours.some(([, one]) => isStill(one)); waitedMs += 50)
    await Bun.sleep(50);
  rmSync(file, { force: true });
  return ours.map(([name]) => name);
}

function readList(file: string): Record<string, Listed> {
  try {
    const list: unknown = JSON.parse(readFileSync(file, "utf8"));
    // Written whole or not at all, by openProcessList.
    return typeof list === "object" && list !== null ? (list as Record<string, Listed>) : {};
  } catch {
    return {};
  }
}

const isStill = ({ pid, born }: Listed): boolean => born !== "" && birthOf(pid) === born;

/** The process's start time, in this machine's own format; null when there is no such process. */
export function birthOf(pid: number): string | null {
  if (process.platform !== "linux") {
    const asked = Bun.spawnSync(["ps", "-o", "lstart=", "-p", String(pid)], { stdout: "pipe", stderr: "ignore" });
    return asked.stdout.toString().trim() || null;
  }
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, "utf8");
    // The name in parentheses may hold anything; after it, field 3 is the state and field 22 the start
    // time in ticks since boot.
    const fields = stat.slice(stat.lastIndexOf(")") + 2).split(" ");
    if (fields[0] === "Z") return null;
    return `${readFileSync("/proc/sys/kernel/random/boot_id", "utf8").trim()} ${fields[19] ?? ""}`;
  } catch {
    return null;
  }
}

function signal(pid: number, name: NodeJS.Signals): void {
  try {
    process.kill(pid, name);
  } catch {
    // It ended by itself in the meantime.
  }
}
