import { existsSync, readFileSync } from "node:fs";
import { isAlive } from "./is-alive.ts";

/**
 * Resolves, with the reason, when this process is asked to end: Ctrl-C, SIGTERM, a closed terminal, or
 * the death of `starter` (the process that started it and would have passed the signal on). Further
 * requests change nothing.
 */
export function stopRequested(starter: number | null = null): Promise<string> {
  return new Promise((resolve) => {
    for (const signal of ["SIGINT", "SIGTERM"] as const) process.on(signal, () => resolve(signal));
    // Under nohup a closed terminal is not a request; listening would undo what nohup arranged.
    if (!isHangupIgnored()) process.on("SIGHUP", () => resolve("SIGHUP"));
    if (starter === null) return;
    const watch = setInterval(() => {
      if (!isAlive(starter)) resolve("its starter ended");
    }, 250);
    watch.unref();
  });
}

function isHangupIgnored(): boolean {
  const status = "/proc/self/status";
  if (!existsSync(status)) return false;
  const ignored = /^SigIgn:\s*([0-9a-f]+)$/m.exec(readFileSync(status, "utf8"))?.[1] ?? "0";
  return (BigInt(`0x${ignored}`) & 1n) === 1n;
}
