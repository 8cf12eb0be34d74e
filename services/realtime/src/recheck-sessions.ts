import type { Api } from "./ask-api.ts";
import { instantMs } from "./authorise.ts";
import type { Hub } from "./hub.ts";

/** Sessions asked about in one round (a round starts each second), and how many of them at once. */
const batch = 100;
const atOnce = 8;

/**
 * The third line behind `session.revoked`, for what no outbox tells of: asks api whether the sessions of open connections still live, and closes those that do not.
 * A session's turn comes every 15 s; beyond 1 500 sessions less often, so that api is never asked more than 100 times a second.
 * While api is away the connections stay: whoever signs out does it there.
 */
export function createRecheck({ api, hub }: { api: Api; hub: Hub }): (nowMs: number) => Promise<void> {
  let running = false;
  return async (nowMs) => {
    if (running) return;
    running = true;
    const due = hub.takeUnchecked(nowMs, batch).values();
    const worker = async () => {
      for (const session of due) {
        const whose = await api.whose(session.token);
        if (whose.kind === "unknown") return;
        if (whose.kind === "nobody" || whose.session.session_id !== session.id) hub.endSession(session.id);
        else for (const line of session.lines) line.expiresAtMs = instantMs(whose.session.expires_at);
      }
    };
    await Promise.all(Array.from({ length: atOnce }, worker)).finally(() => {
      running = false;
    });
  };
}
