import type { ServerEventBus } from "@modelcontextprotocol/server";
import { isAltered } from "./changed-resources.ts";
import { createOutlet } from "./outlet.ts";
import type { Notices, Subscriber } from "./subscriber.ts";

/** What a client asks to be told of, as far as it is understood here. */
export type Listening = { id: unknown; uris: readonly string[] };

/** Maximum resources of one subscription. */
export const maxResources = 100;

/** A subscription's request, or null: the message asks for something else. */
export function readListening(message: unknown): Listening | null {
  if (typeof message !== "object" || message === null) return null;
  const { id, method, params } = message as { id?: unknown; method?: unknown; params?: unknown };
  if (method !== "subscriptions/listen") return null;
  const { notifications } = (params ?? {}) as { notifications?: { resourceSubscriptions?: unknown } };
  const given = notifications?.resourceSubscriptions;
  return { id: id ?? null, uris: Array.isArray(given) ? given.filter((uri) => typeof uri === "string") : [] };
}

export type ListenParts = {
  notices: Notices;
  who: Pick<Subscriber, "userId" | "credentialId">;
  listening: Listening;
  request: Request;
  /** Closes the connection soon when the client does not read. */
  hurry: () => void;
  /** The protocol's own handler for this one stream, fed by the bus; `close` ends the stream in its words. */
  handlerOf: (bus: ServerEventBus) => { fetch: (request: Request) => Promise<Response>; close: () => Promise<void> };
};

/** The open answer to a subscription: a notice for each resource that may read differently, until the client or its token goes. */
export async function listen({ notices, who, listening, request, hurry, handlerOf }: ListenParts): Promise<Response> {
  const { id, uris } = listening;
  if (uris.length > maxResources) return refusal(id, -32_602, `At most ${maxResources} resources at a time.`);
  const outlet = createOutlet();
  const handler = handlerOf(outlet.bus);
  let isOver = false;
  const leave = await notices.subscribe({
    ...who,
    changed(changes) {
      outlet.tell(uris.filter((uri) => changes === null || changes.some((change) => isAltered(uri, change))));
    },
    end() {
      isOver = true;
      hurry();
      handler.close().catch(() => {});
    },
  });
  if (leave === null || isOver) {
    leave?.();
    return refusal(id, -32_603, "Subscription limit reached");
  }
  outlet.onEnd(leave);
  const response = await handler.fetch(request);
  // A stream without anything to tell has ended by itself.
  if (!outlet.isOpen()) leave();
  if (response.body === null) return response;
  return new Response(whenTaken(response.body, outlet.taken), { status: response.status, headers: response.headers });
}

/** The same stream, read only as fast as its reader takes it; `taken` is called with each piece. */
function whenTaken(source: ReadableStream<Uint8Array>, taken: (piece: Uint8Array) => void): ReadableStream<Uint8Array> {
  const reader = source.getReader();
  return new ReadableStream<Uint8Array>(
    {
      async pull(controller) {
        const { done, value } = await reader.read();
        if (done) return controller.close();
        controller.enqueue(value);
        taken(value);
      },
      cancel: () => reader.cancel(),
    },
    { highWaterMark: 0 },
  );
}

const refusal = (id: unknown, code: number, message: string): Response =>
  Response.json({ jsonrpc: "2.0", id, error: { code, message } });
