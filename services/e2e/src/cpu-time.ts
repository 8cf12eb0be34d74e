import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { readProcesses } from "./processes.ts";

/** Clock ticks of Linux are 10 ms. */
const tickMs = 10;

/**
 * Name → processor time of each process of the product since its start, in milliseconds; `database` is
 * all of PostgreSQL.
 */
export function cpuTimes(dataDir: string): Map<string, number> {
  const times = new Map(Object.entries(readProcesses(dataDir)).map(([name, { pid }]) => [name, statOf(pid).ms]));
  const postmaster = Number(readFileSync(join(dataDir, "postgres", "postmaster.pid"), "utf8").split("\n")[0]);
  const servers = readdirSync("/proc")
    .filter((name) => /^\d+$/.test(name))
    .map((name) => statOf(Number(name)))
    .filter(({ pid, parent }) => pid === postmaster || parent === postmaster);
  return times.set(
    "database",
    servers.reduce((sum, { ms }) => sum + ms, 0),
  );
}

function statOf(pid: number): { pid: number; parent: number; ms: number } {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, "utf8");
    // Behind the name in parentheses: field 4 is the parent, 14 and 15 are user and system time, 16 and 17 that of ended children.
    const fields = stat.slice(stat.lastIndexOf(")") + 2).split(" ");
    const ticks = [11, 12, 13, 14].reduce((sum, at) => sum + Number(fields[at]), 0);
    return { pid, parent: Number(fields[1]), ms: ticks * tickMs };
  } catch {
    return { pid, parent: 0, ms: 0 };
  }
}
