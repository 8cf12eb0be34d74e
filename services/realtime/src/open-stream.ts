import { Elysia } from "elysia";
import type { Message } from "./frame.ts";
import type { Line, Sink } from "./line.ts";
import type { Live } from "./live.ts";

/** The part of Bun's server that a stream needs; absent when a request is handed over in the process. */
type Server = { timeout(request: Request, seconds: number): void } | null;

type Out = ReadableStreamDefaultController<Uint8Array>;

const headers = {
  "content-type": "text/event-stream; charset=utf-8",
  "cache-control": "no-store",
  // nginx and similar proxies would buffer events.
  "x-accel-buffering": "no",
};

/** Messages the runtime buffers before the client reads; later ones wait in the line. */
const streamBuffer = 64;

/**
 * Bun closes the connection after this many seconds without a byte; pings come every 15 s, so only a
 * client that hangs gets there.
 */
const idleSeconds = 60;

/** `GET /stream`: the user's changes as server-sent events, from `Last-Event-ID` on when the client resumes. */
export const streamRoute = (live: Live) =>
  new Elysia()
    .get("/stream", ({ request, server }) => openStream(live, request, server), { parse: "none" })
    // Elysia would answer HEAD by reading the GET stream to its end, which never comes.
    .head(
      "/stream",
      ({ request }) => live.authorise(request, { kind: "sse" }).then(() => new Response(null, { headers })),
      { parse: "none" },
    );

async function openStream(live: Live, request: Request, server: Server): Promise<Response> {
  const listener = await live.authorise(request, { kind: "sse" });
  let line: Line | null = null;
  let out: Out | undefined;
  const source: UnderlyingSource<Uint8Array> = {
    start(controller) {
      if (controller instanceof ReadableStreamDefaultController) out = controller;
    },
    pull() {
      if (line) live.hub.drained(line);
    },
    cancel() {
      if (line) live.hub.close(line, "gone");
    },
  };
  const body = new ReadableStream(source, { highWaterMark: streamBuffer });
  if (!out) throw new Error("A stream of ours has the default controller from its creation.");
  server?.timeout(request, idleSeconds);
  line = live.connect(request, listener, { kind: "sse", sink: sseSink(out, () => server?.timeout(request, 1)) });
  out.enqueue(hello(live.hub.size));
  return new Response(body, { headers });
}

function sseSink(out: Out, hurry: () => void): Sink {
  return {
    hasRoom: () => (out.desiredSize ?? 0) > 0,
    write: (message: Message) => out.enqueue(message.sse()),
    ping: () => out.enqueue(ping),
    end(reason) {
      if (reason === "gone") return;
      // A closed stream still waits for a client that does not read; the idle limit ends that.
      if (reason === "slow") hurry();
      out.close();
    },
  };
}

const utf8 = new TextEncoder();
const ping = utf8.encode(": ping\n\n");

/**
 * The first bytes: the stream is open; reconnect after a loss in 1 to 2 s. The time is spread so that
 * clients do not all return at once after a restart.
 */
const hello = (nth: number): Uint8Array => utf8.encode(`retry: ${1_000 + ((nth * 97) % 1_000)}\n\n`);
