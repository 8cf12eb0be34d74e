import type { AnyElysia } from "elysia";
import { ConfigError } from "../config.ts";
import type { Log } from "../observe/log.ts";

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
 * @throws ConfigError naming the variable when the port cannot be had.
 */
export function serve(app: AnyElysia, { name, hostname, port, log, mostBytes = usualBytes }: ServeOptions): Served {
  try {
    app.listen({
      hostname,
      port,
      // Elysia shares a port by default: a second product would silently take half of the first one's requests.
      reusePort: false,
      maxRequestBodySize: mostBytes,
      idleTimeout: 60,
      websocket: socketLimits,
    });
  } catch (error) {
    throw new ConfigError(listenFailure(error, { name, hostname, port }));
  }
  const url = `http://${hostname}:${app.server?.port ?? port}`;
  log.info("listening", { url });
  return { url, stop: () => stop(app) };
}

function listenFailure(
  error: unknown,
  { name, hostname, port }: { name: string; hostname: string; port: number },
): string {
  const variable = `${name.toUpperCase()}_PORT`;
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
