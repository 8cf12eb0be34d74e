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
  /** A larger ceiling for the body of a request, for inner doors that are brought much at once. */
  mostBytes?: number;
  /** The listener for the sidecar, neighbours and Prometheus, on `<NAME>_INTERNAL_PORT`; else it is for people and programs. */
  isInternal?: boolean;
};

/**
 * WebSockets here listen rather than talk: what a client says is short, and one that neither reads nor answers pings is let go. The
 * limits belong to the listener; Elysia ignores them on a route.
 */
const socketLimits = {
  maxPayloadLength: 4_096,
  backpressureLimit: 1024 * 1024,
  closeOnBackpressureLimit: true,
  idleTimeout: 60,
};

/** Requests under way may take this long once the process was asked to stop. */
const drainMs = 8_000;

/**
 * Listens, and answers where. `stop()` takes no new requests, lets those under way finish (8 s at most), then cuts.
 * @throws ConfigError naming the variable when the port cannot be had; Error when an internal route would be open to everybody.
 */
export function serve(app: AnyElysia, options: ServeOptions): Served {
  const { hostname, port, log, mostBytes = usualBytes, isInternal = false } = options;
  if (!isInternal) requireOpenPaths(app.routes);
  try {
    app.listen({
      hostname,
      port,
      // Elysia shares a port by default: a second product would silently take half of the first one's requests.
      reusePort: false,
      maxRequestBodySize: mostBytes,
      idleTimeout: 60,
      websocket: socketLimits,
      // Bun would answer what nothing catches with a page of our sources, and `/bun:info` with what it knows of this machine.
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

/** The two doors of a service that runs as a process of its own. */
export type Doors = { open: AnyElysia; internal: AnyElysia };

export type DoorsOptions = Omit<ServeOptions, "isInternal"> & { internalPort: number };

/** Both doors, each on a port of its own; `mostBytes` is the internal one's, for deliveries are large. `stop()` ends both at once. */
export function serveDoors(
  doors: Doors,
  { internalPort, mostBytes, ...shared }: DoorsOptions,
): { stop(): Promise<void> } {
  const inside = { ...shared, port: internalPort, isInternal: true, ...(mostBytes ? { mostBytes } : {}) };
  // First inside: whoever finds the service listening may send it events.
  const listeners = [serve(doors.internal, inside), serve(doors.open, shared)];
  return {
    async stop() {
      await Promise.all(listeners.map((served) => served.stop()));
    },
  };
}

/** The answer to a request whose failure no door has caught: that is a fault of ours, and its words stay here. */
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
  // Bun waits for open streams and sockets for ever; they are cut once the time is up.
  if (!(await Promise.race([drained, late]))) await app.stop(true);
}
