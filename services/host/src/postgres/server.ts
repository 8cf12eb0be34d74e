import type { Subprocess } from "bun";
import { freePort } from "../ports/free-port.ts";
import type { Binaries } from "./binaries.ts";
import { type ClusterOptions, superuser } from "./cluster.ts";
import { stopLeftover } from "./leftover.ts";
import { environment, type RunAs } from "./run-as.ts";

export type Server = {
  port: number;
  pid: number;
  /** The superuser's address of a database of this server. */
  urlOf(database: string): string;
  /** Fast shutdown: running transactions are rolled back, everything committed is on disk. */
  stop(): Promise<void>;
  /** Resolves with the last lines of the server's log when it has ended, asked or not. */
  ended: Promise<string>;
};

// Small on purpose: a family's data fits, and the whole server stays below 100 MB.
const common: Record<string, string> = {
  listen_addresses: "127.0.0.1",
  unix_socket_directories: "",
  shared_buffers: "32MB",
  max_wal_size: "256MB",
  min_wal_size: "64MB",
  wal_buffers: "4MB",
  io_method: "sync",
  jit: "off",
  max_worker_processes: "4",
  autovacuum_max_workers: "2",
  timezone: "UTC",
  log_timezone: "UTC",
  lc_messages: "C",
  logging_collector: "off",
  log_destination: "stderr",
  huge_pages: "off",
};
const durable: Record<string, string> = { max_connections: "80" };
const throwaway: Record<string, string> = {
  max_connections: "300",
  fsync: "off",
  synchronous_commit: "off",
  full_page_writes: "off",
  wal_level: "minimal",
  max_wal_senders: "0",
  max_wal_size: "1GB",
};

export type ServerOptions = ClusterOptions & {
  /** Undefined picks a free one. */
  port?: number | undefined;
  /** More of PostgreSQL's settings, over ours: an archive for the log, or where a restore ends. */
  settings?: Readonly<Record<string, string>> | undefined;
  /** Called with each line of the server's log. */
  onLog?: ((line: string) => void) | undefined;
};

/**
 * A started server, accepting connections on 127.0.0.1.
 * @throws Error with one sentence when it does not start.
 */
export async function startServer(binaries: Binaries, runAs: RunAs, options: ServerOptions): Promise<Server> {
  for (let attempt = 1; ; attempt++) {
    await stopLeftover(options.folder);
    const port = options.port ?? (await freePort());
    const launched = await launch(binaries, runAs, options, port);
    if (typeof launched !== "string") return launched;
    // Another process took the free port between the check and the start.
    const isPortTaken = launched.includes("could not bind") || launched.includes("Address already in use");
    // A killed server's last children need a moment to exit.
    const isStillEnding = launched.includes("pre-existing shared memory") || launched.includes("postmaster.pid");
    if (attempt >= 20 || !(isStillEnding || (isPortTaken && attempt < 5))) {
      throw new Error(`The database in ${options.folder} does not start: ${lastReason(launched)}.`);
    }
    await Bun.sleep(250);
  }
}

/** The server once it is ready, or its log if it ended first. */
async function launch(
  binaries: Binaries,
  runAs: RunAs,
  options: ServerOptions,
  port: number,
): Promise<Server | string> {
  const settings = {
    ...common,
    ...(options.durable ? durable : throwaway),
    ...options.settings,
    port: String(port),
  };
  const command = [...runAs.prefix, binaries.postgres, "-D", options.folder];
  for (const [name, value] of Object.entries(settings)) command.push("-c", `${name}=${value}`);
  const child = Bun.spawn(command, {
    ...runAs.ids,
    env: environment,
    stdin: "ignore",
    stdout: "ignore",
    stderr: "pipe",
    // A group of its own: Ctrl-C in the terminal stops the product, which stops the database last.
    detached: true,
  });
  const lines: string[] = [];
  const ready = Promise.withResolvers<boolean>();
  const drained = drain(child.stderr, (line) => {
    lines.push(line);
    if (lines.length > 40) lines.shift();
    options.onLog?.(line);
    if (line.includes("database system is ready to accept connections")) ready.resolve(true);
  }).catch(() => {
    // A pipe breaks when its server ends, which is reported below.
  });
  const end = async (): Promise<string> => {
    ready.resolve(false);
    // A child of a killed server may hold the pipe open; its output is not worth waiting for.
    await within(drained, 500);
    return lines.join("\n");
  };
  const ended = child.exited.then(end, end);
  if (!(await ready.promise)) return ended;
  return {
    port,
    pid: child.pid,
    urlOf: (database) =>
      `postgres://${superuser}:${encodeURIComponent(options.password)}@127.0.0.1:${port}/${database}`,
    stop: () => stop(binaries, options.folder, child),
    ended,
  };
}

async function stop(binaries: Binaries, folder: string, child: Subprocess): Promise<void> {
  // Windows has no signals, so the server's own tool is used there.
  if (process.platform === "win32")
    Bun.spawnSync([binaries.pgCtl, "stop", "-D", folder, "-m", "fast"], { env: environment });
  for (const signal of ["SIGINT", "SIGQUIT", "SIGKILL"] as const) {
    if (process.platform !== "win32" || signal === "SIGKILL") child.kill(signal);
    if (await within(child.exited, 15_000)) return;
  }
}

/** False when the promise takes longer than that. */
async function within(promise: Promise<unknown>, timeoutMs: number): Promise<boolean> {
  const late = Promise.withResolvers<boolean>();
  const timer = setTimeout(() => late.resolve(false), timeoutMs);
  const inTime = await Promise.race([promise.then(() => true), late.promise]);
  clearTimeout(timer);
  return inTime;
}

/** Reads until the stream ends: with a full pipe the server would block. */
async function drain(stream: ReadableStream<Uint8Array>, onLine: (line: string) => void): Promise<void> {
  const decoder = new TextDecoder();
  let rest = "";
  for await (const chunk of stream) {
    rest += decoder.decode(chunk, { stream: true });
    const lines = rest.split("\n");
    rest = lines.pop() ?? "";
    for (const line of lines) onLine(line);
  }
}

function lastReason(log: string): string {
  const lines = log.split("\n");
  const reason = lines.findLast((line) => /\b(FATAL|PANIC|ERROR)\b/.test(line)) ?? lines.at(-1) ?? "";
  return reason.replace(/^.*?(FATAL|PANIC|ERROR):\s*/, "").trim() || "it ended without output";
}
