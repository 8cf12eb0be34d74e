import type { Api } from "./ask-api.ts";
import { instantMs } from "./authorise.ts";
import type { Hub } from "./hub.ts";

/** Maximum sessions checked in one round (a round starts each second), and in parallel. */
const batch = 100;
const atOnce = 8;

/**
 * The third line behind `session.revoked`, for what no outbox reports: asks api whether the sessions
 * of open connections are still valid, and closes those that are not. A session's turn comes every
 * 15 s; beyond 1 500 sessions less often, so that api gets at most 100 calls a second. While api is
 * away the connections stay: signing out needs api as well.
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
        if (whose.kind === "invalid" || whose.session.session_id !== session.id) hub.endSession(session.id);
        else for (const line of session.lines) line.expiresAtMs = instantMs(whose.session.expires_at);
      }
    };
    await Promise.all(Array.from({ length: atOnce }, worker)).finally(() => {
      running = false;
    });
  };
}
