import { readdirSync, readFileSync } from "node:fs";

/** The processes that one has started and that are there. */
export function childrenOf(pid: number): number[] {
  const listed = Bun.spawnSync(["ps", "-o", "pid=", "--ppid", String(pid)]).stdout.toString();
  return listed
    .split("\n")
    .map(Number)
    .filter((child) => child > 0);
}

/** What a process has of memory (MB) and open descriptors; null when it is not there. */
export function holdingsOf(pid: number): { megabytes: number; descriptors: number } | null {
  try {
    const kilobytes = /VmRSS:\s+(\d+)/.exec(readFileSync(`/proc/${pid}/status`, "utf8"))?.[1];
    return { megabytes: Number(kilobytes ?? 0) / 1_024, descriptors: readdirSync(`/proc/${pid}/fd`).length };
  } catch {
    return null;
  }
}
