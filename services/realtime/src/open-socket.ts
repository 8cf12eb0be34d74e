import { Problem } from "@carillon/kit/service";
import { Elysia } from "elysia";
import type { EndReason, Line, Sink } from "./line.ts";
import type { Live } from "./live.ts";

/** The part of Bun's socket used here. */
type Socket = {
  sendText(text: string): number;
  ping(): number;
  getBufferedAmount(): number;
  close(code: number, reason: string): void;
  terminate(): void;
};

/** Elysia exposes Bun's socket under a type that omits methods. */
const asSocket = (raw: unknown): Socket => raw as Socket;

/** The connection of a socket, from its opening on. */
type Connection = { line: Line | null };

/** Bytes the runtime buffers for a client that does not read; later messages wait in the line. */
const socketBuffer = 64 * 1024;

/** RFC 6455 §7.4.1. */
const closeCodes: Record<Exclude<EndReason, "gone" | "slow">, { code: number; words: string }> = {
  session_ended: { code: 1008, words: "session ended" },
  noisy: { code: 1008, words: "too many messages" },
  stopping: { code: 1001, words: "server is stopping" },
};

/** `GET /ws`: the same messages as `/stream`, each as `{id, event, data}`; `Last-Event-ID` is read from the upgrade request. */
export const socketRoute = (live: Live) =>
  new Elysia()
    .resolve(async ({ request }) => {
      requireUpgrade(request);
      const listener = await live.authorise(request, { kind: "websocket" });
      const connection: Connection = { line: null };
      return { listener, connection };
    })
    .ws("/ws", {
      open(ws) {
        const { request, listener, connection } = ws.data;
        try {
          connection.line = live.connect(request, listener, { kind: "websocket", sink: socketSink(asSocket(ws.raw)) });
        } catch {
          // The last place was taken or the session ended since the upgrade was allowed.
          ws.close(1013, "try again later");
        }
      },
      drain: ({ data }) => withLine(data, (line) => live.hub.drained(line)),
      message: ({ data }) => withLine(data, (line) => live.hub.heard(line)),
      close: ({ data }) => withLine(data, (line) => live.hub.close(line, "gone")),
    });

function withLine({ connection }: { connection: Connection }, work: (line: Line) => void): void {
  if (connection.line) work(connection.line);
}

/** RFC 6455 §4.2.1; without these the runtime would reject the upgrade in its own words. */
function requireUpgrade({ headers }: Request): void {
  if (headers.get("sec-websocket-version") === "13" && headers.get("sec-websocket-key")) return;
  throw new Problem("malformed", "Not a WebSocket handshake of version 13.", {
    headers: { "sec-websocket-version": "13" },
  });
}

function socketSink(socket: Socket): Sink {
  return {
    hasRoom: () => socket.getBufferedAmount() < socketBuffer,
    write: (message) => void socket.sendText(message.text()),
    ping: () => void socket.ping(),
    end(reason) {
      if (reason === "gone") return;
      if (reason === "slow") return socket.terminate();
      const { code, words } = closeCodes[reason];
      socket.close(code, words);
    },
  };
}
