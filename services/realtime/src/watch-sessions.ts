import type { Api } from "./ask-api.ts";
import type { Hub } from "./hub.ts";

/**
 * The second line behind `session.revoked`, as fast as the first: asks api which sessions ended
 * recently, and closes their connections. One call for all of them, and none without open
 * connections. It serves while the broker is away, and while this process has just started and its
 * sidecar gets no events yet.
 */
export function createWatch({ api, hub }: { api: Pick<Api, "ended">; hub: Hub }): () => Promise<void> {
  let isAsking = false;
  return async () => {
    if (isAsking || hub.size === 0) return;
    isAsking = true;
    try {
      for (const session of await api.ended()) hub.endSession(session);
    } finally {
      isAsking = false;
    }
  };
}
