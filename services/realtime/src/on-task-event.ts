import type { TaskChanged } from "@carillon/contracts/events/task-changed.v1";
import { done, subscribe } from "@carillon/events/consume";
import type { Log } from "@carillon/kit/observe";
import { changeFrame } from "./frame.ts";
import type { Hub } from "./hub.ts";

/**
 * The subscription to `task-updates`: hands each change to its user's connections, and ends those
 * whose session ended. Every event is "done", never "retry": a late update is worth nothing to a
 * screen, and the page reads the truth from api anyway.
 */
export const onTaskEvent = ({ hub, log }: { hub: Hub; log: Log }) =>
  subscribe({
    service: "realtime",
    topic: "task-updates",
    log,
    handle: async (events) =>
      events.map(({ data }) => {
        announce(hub, data);
        return done;
      }),
  });

function announce(hub: Hub, data: TaskChanged): void {
  if (data.event_type === "session.revoked") {
    // Without a session it can only mean all of them; a connection ended by mistake reconnects.
    if (data.session_id === undefined) hub.endUser(data.user_id);
    else hub.endSession(data.session_id);
    return;
  }
  hub.deliver(data.user_id, changeFrame(data));
  if (data.event_type === "user.erased") hub.endUser(data.user_id);
}
