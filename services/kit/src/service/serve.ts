import type { AnyElysia } from "elysia";
import { ConfigError } from "../config.ts";
import type { Log } from "../observe/log.ts";
import { continueTrace } from "../observe/trace.ts";
import { requireOpenPaths } from "./open-paths.ts";
import { Problem } from "./problem.ts";
import { asProblem, problemResponse } from "./problem-response.ts";

export type Served = { url: string; stop(): Promise<void> };

/** Bun cuts a request's body here; routes have smaller limits of their own and answer in words. */
const usualBytes = 12 * 1024 * 1024;

export type ServeOptions = {
  name: string;
  hostname: string;
  port: number;
  log: Log;
  /** A higher limit for the body of a request, for internal doors with large deliveries. */
  mostBytes?: number;
  /**
   * The listener for the sidecar, neighbours and Prometheus, on `<NAME>_INTERNAL_PORT`; else it is for
   * people and programs.
   */
  isInternal?: boolean;
};

/**
 * WebSockets here send rather than receive: client messages are short, and a client that neither reads
 * nor answers pings is dropped. The limits belong to the listener; Elysia ignores them on a route.
 */
const socketLimits = {
  maxPayloadLength: 4_096,
  backpressureLimit: 1024 * 1024,
  closeOnBackpressureLimit: true,
  idleTimeout: 60,
};

/** How long requests under way may take once the process was asked to stop. */
const drainMs = 8_000;

/**
 * Listens, and returns the address. `stop()` accepts no new requests, lets those under way finish (8 s
 * at most), then cuts.
 * @throws ConfigError naming the variable when the port is not available; Error when an internal
 * route would be public.
 */
export function serve(app: AnyElysia, options: ServeOptions): Served {
  const { hostname, port, log, mostBytes = usualBytes, isInternal = false } = options;
  if (!isInternal) requireOpenPaths(app.routes);
  try {
    app.listen({
      hostname,
      port,
      // Elysia shares a port by default: a second product would silently take half of the first one's
      // requests.
      reusePort: false,
      maxRequestBodySize: mostBytes,
      idleTimeout: 60,
      websocket: socketLimits,
      // Bun would answer uncaught failures with a page of our sources, and `/bun:info` with details of
      // this machine.
      development: false,
      error: (error) => answerForLost(error, log),
    });
  } catch (error) {
    throw new ConfigError(listenFailure(error, options));
  }
  const url = `http://${hostname}:${app.server?.port ?? port}`;
  log.info(isInternal ? "listening inside" : "listening", { url });
  return { url, stop: () => stop(app) };
}

/** The two doors of a service in a process of its own. */
export type Doors = { open: AnyElysia; internal: AnyElysia };

export type DoorsOptions = Omit<ServeOptions, "isInternal"> & { internalPort: number };

/**
 * Both doors, each on a port of its own; `mostBytes` is the internal one's, because deliveries are
 * large. `stop()` ends both at once.
 */
export function serveDoors(
  doors: Doors,
  { internalPort, mostBytes, ...shared }: DoorsOptions,
): { stop(): Promise<void> } {
  const inside = { ...shared, port: internalPort, isInternal: true, ...(mostBytes ? { mostBytes } : {}) };
  // The internal one first: once the service listens, events may arrive.
  const listeners = [serve(doors.internal, inside), serve(doors.open, shared)];
  return {
    async stop() {
      await Promise.all(listeners.map((served) => served.stop()));
    },
  };
}

/** The answer to a request whose failure no door has caught: a defect, whose message stays here. */
function answerForLost(error: unknown, log: Log): Response {
  const { traceId } = continueTrace(null);
  log.error("a request failed outside its door", { error, trace_id: traceId });
  const problem = error instanceof Problem ? error : asProblem(new Error("outside its door", { cause: error }));
  return problemResponse(problem, { instance: "/", traceId });
}

function listenFailure(error: unknown, { name, hostname, port, isInternal }: ServeOptions): string {
  const variable = `${name.toUpperCase()}${isInternal ? "_INTERNAL" : ""}_PORT`;
  const code = error instanceof Error && "code" in error ? error.code : "";
  if (code === "EADDRINUSE")
    return `Port ${port} is in use by another program; stop it or set ${variable} to a free port.`;
  if (code === "EACCES") return `Port ${port} needs rights this user lacks; set ${variable} to a port above 1023.`;
  return `${name} cannot listen on ${hostname}:${port} (${String(code || error)}); check HOST and ${variable}.`;
}

async function stop(app: AnyElysia): Promise<void> {
  const drained = app.stop().then(() => true);
  const late = Bun.sleep(drainMs).then(() => false);
  // Bun waits without limit for open streams and sockets; they are cut when the time is up.
  if (!(await Promise.race([drained, late]))) await app.stop(true);
}
