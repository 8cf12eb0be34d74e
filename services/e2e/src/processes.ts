import { readFileSync } from "node:fs";
import { join } from "node:path";

/** The supervisor's record of one process; its addresses depend on its kind. */
export type Process = {
  pid: number;
  port?: number;
  /** The address for a service's sidecar and neighbours. */
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

/** False also for a zombie. */
export function alive(pid: number): boolean {
  try {
    const [, state] = /\) (\S)/.exec(readFileSync(`/proc/${pid}/stat`, "utf8")) ?? [];
    return state !== "Z";
  } catch {
    return false;
  }
}
