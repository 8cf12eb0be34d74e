import { asProblem, contextOf } from "@carillon/kit/service";
import type { OpenTurn } from "./take-turn.ts";

const headers = {
  "content-type": "text/event-stream; charset=utf-8",
  "cache-control": "no-store",
  // nginx and similar proxies would buffer events.
  "x-accel-buffering": "no",
};

/** Proxies and browsers give up a connection that says nothing. */
const beatMs = 15_000;

const utf8 = new TextEncoder();

/** The turn as server-sent events. A reader that goes away stops it; until it has ended, it is one of the user's requests at work. */
export function streamTurn(turn: OpenTurn, request: Request): Response {
  const stop = new AbortController();
  let beat: Timer | undefined;
  const body = new ReadableStream<Uint8Array>({
    start(controller) {
      const write = (text: string): void => {
        if (!stop.signal.aborted) controller.enqueue(utf8.encode(text));
      };
      const send = (event: string, data: object): void => write(`event: ${event}\ndata: ${JSON.stringify(data)}\n\n`);
      beat = setInterval(() => write(": working\n\n"), beatMs);
      contextOf(request).lasting = turn
        .run({ emit: ({ event, data }) => send(event, data), signal: stop.signal })
        .then((answer) => send("done", answer))
        .catch((error: unknown) => {
          const { code, detail, status } = asProblem(error);
          send("error", { code, detail, status });
        })
        .finally(() => {
          clearInterval(beat);
          if (!stop.signal.aborted) controller.close();
        })
        .catch(() => {});
    },
    cancel() {
      clearInterval(beat);
      stop.abort();
    },
  });
  return new Response(body, { headers });
}
