import { readFileSync } from "node:fs";

/** A program of another language, which ends when the test's process does, however that ends. */
export type TiedProcess = {
  pid: number;
  /** The end of its output. */
  tail(): string;
  hasEnded(): boolean;
  /** SIGKILL, as a lost machine. */
  kill(): Promise<void>;
  /** SIGTERM, and SIGKILL when it does not end within 15 s. */
  stop(): Promise<void>;
};

const stopMs = 15_000;

/** An open standard input is the sign of life: programs do not notice by themselves that their parent was killed. */
const tie = `{ (cat <&3; kill -9 $$) >/dev/null 2>&1 & } 3<&0; exec "$@"`;

/** Starts it; its output goes to `logFile`. */
export function startTied(
  command: readonly string[],
  { logFile, environment = {} }: { logFile: string; environment?: Record<string, string> },
): TiedProcess {
  const child = Bun.spawn(["/bin/sh", "-c", tie, "sh", ...command], {
    env: { ...process.env, ...environment },
    stdin: "pipe",
    stdout: Bun.file(logFile),
    stderr: Bun.file(logFile),
  });
  async function end(signal: "SIGTERM" | "SIGKILL"): Promise<void> {
    child.kill(signal);
    const timer = setTimeout(() => child.kill("SIGKILL"), stopMs);
    await child.exited;
    clearTimeout(timer);
    await child.stdin.end();
  }
  return {
    pid: child.pid,
    tail: () => readFileSync(logFile, "utf8").slice(-3_000),
    hasEnded: () => child.exitCode !== null || child.signalCode !== null,
    kill: () => end("SIGKILL"),
    stop: () => end("SIGTERM"),
  };
}

/**
 * Resolves when `isUp` returns true. @throws Error with the end of the program's output, when it ends
 * first or takes longer than `limitMs`.
 */
export async function untilUp(
  what: string,
  child: TiedProcess,
  isUp: () => Promise<boolean>,
  limitMs = 30_000,
): Promise<void> {
  const limit = performance.now() + limitMs;
  while (!(await isUp().catch(() => false))) {
    if (child.hasEnded() || performance.now() > limit) {
      await child.kill();
      throw new Error(`${what} did not come up: ${child.tail()}`);
    }
    await Bun.sleep(50);
  }
}
