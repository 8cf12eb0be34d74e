import type { Api } from "./ask-api.ts";
import type { Hub } from "./hub.ts";

/**
 * The second line behind `session.revoked`, as fast as the first: asks api which sessions ended lately, and closes their connections. One
 * question for all of them, and none while nobody listens. It serves while the broker is away, and while this process has just begun
 * and its sidecar is not yet given any events.
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
