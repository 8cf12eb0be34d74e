import type { ServerEvent, ServerEventBus } from "@modelcontextprotocol/server";

/** The events of one stream: what changed many times while a reader is slow is announced once, for only what it has taken makes room for more. */
export function createOutlet() {
  const changed = new Set<string>();
  let listener: ((event: ServerEvent) => void) | null = null;
  let ended = (): void => {};
  /** Pieces that the protocol's stream holds and the client has not taken; at first its acknowledgement. */
  let waiting = 1;

  function flush(): void {
    if (waiting > 0 || listener === null) return;
    waiting = changed.size;
    for (const uri of changed) listener({ kind: "resource_updated", uri });
    changed.clear();
  }

  const bus: ServerEventBus = {
    publish() {},
    subscribe(given) {
      listener = given;
      return () => {
        listener = null;
        ended();
      };
    },
  };
  return {
    bus,
    isOpen: () => listener !== null,
    onEnd(act: () => void): void {
      ended = act;
    },
    tell(uris: readonly string[]): void {
      for (const uri of uris) changed.add(uri);
      flush();
    },
    taken(piece: Uint8Array): void {
      if (piece[0] === comment) return;
      waiting -= 1;
      flush();
    },
  };
}

/** A heartbeat begins with a colon. */
const comment = 0x3a;
