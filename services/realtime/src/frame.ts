/** A message to clients in its two wire forms, each serialised once for all connections. */
export type Message = {
  /** As an event of `text/event-stream` (HTML Living Standard §9.2.5). */
  sse(): Uint8Array;
  /** As a WebSocket text message. */
  text(): string;
};

/** A message about one change; `id` is the user's change number. */
export type Frame = Message & { readonly id: number };

export type Change = { change_seq: number; event_type: string; task_id: string | null; version: number };

/** "Something of yours changed": what to ask for, and no content. */
export function changeFrame({ change_seq, event_type, task_id, version }: Change): Frame {
  return { id: change_seq, ...message(change_seq, "task.changed", { event_type, task_id, version }) };
}

/**
 * "Read everything again." With an id, the position to resume from after the next loss. The data is
 * never empty, because browsers do not dispatch an event without data.
 */
export const resyncMessage = (id: number | null): Message => message(id, "resync", {});

function message(id: number | null, event: string, data: object): Message {
  let sse: Uint8Array | undefined;
  let text: string | undefined;
  return {
    sse() {
      sse ??= utf8.encode(`${id === null ? "" : `id: ${id}\n`}event: ${event}\ndata: ${JSON.stringify(data)}\n\n`);
      return sse;
    },
    text() {
      text ??= JSON.stringify({ id, event, data });
      return text;
    },
  };
}

const utf8 = new TextEncoder();
