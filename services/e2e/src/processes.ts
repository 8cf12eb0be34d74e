import { readFileSync } from "node:fs";
import { join } from "node:path";

/** What the supervisor says of one process; which addresses there are depends on what it is. */
export type Process = {
  pid: number;
  port?: number;
  /** Where its sidecar and neighbours find a service. */
  internalPort?: number;
  url?: string;
  sidecarPort?: number;
  data?: string;
  brokers?: string;
};

/** Every process of the product on this data folder by its name; none while the supervisor writes. */
export function readProcesses(dataDir: string): Record<string, Process> {
  try {
    return JSON.parse(readFileSync(join(dataDir, "processes.json"), "utf8"));
  } catch {
    return {};
  }
}

/** False also for one that has ended and that nobody has asked about. */
export function alive(pid: number): boolean {
  try {
    const [, state] = /\) (\S)/.exec(readFileSync(`/proc/${pid}/stat`, "utf8")) ?? [];
    return state !== "Z";
  } catch {
    return false;
  }
}
