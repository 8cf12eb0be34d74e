import { appTokenHeader, callerHeader } from "@carillon/contracts/names";
import type { Sql } from "@carillon/kit/database";
import { silentLog } from "@carillon/kit/observe";
import { memoryState } from "@carillon/testing/memory-state";
import { createApp, createInternalApp } from "../src/app.ts";
import { booksOf } from "./books.ts";

const appToken = "a-token-of-the-sidecar";

/** State in memory: enough for failure notes. */
type Answer = { status: number; body: unknown; headers: Headers };

/** The service as its neighbours and the sidecar see it. */
export function openDoor(sql: Sql) {
  const state = memoryState();
  const deps = { books: booksOf(sql), log: silentLog, state, appToken };
  const [open, internal] = [createApp(deps), createInternalApp(deps)];
  async function ask(path: string, init: RequestInit = {}): Promise<Answer> {
    // The sidecar delivers events as itself and carries calls for api.
    const isQuestion = path.startsWith("/internal");
    const headers = { [appTokenHeader]: appToken, ...(isQuestion ? { [callerHeader]: "api" } : {}), ...init.headers };
    const isOpen = /^\/(health|ready)/.test(path);
    const response = await (isOpen ? open : internal).handle(
      new Request(`http://localhost${path}`, { ...init, headers }),
    );
    return { status: response.status, body: JSON.parse(await response.text()), headers: response.headers };
  }
  return {
    state,
    ask,
    /** Delivers events in Dapr's bulk envelope; returns the status of each. */
    async deliver(events: readonly unknown[]): Promise<string[]> {
      const entries = events.map((event, at) => ({
        entryId: String(at),
        event,
        contentType: "application/cloudevents+json",
      }));
      const { body } = await ask("/events/task-events", { method: "POST", body: JSON.stringify({ id: "1", entries }) });
      // Sound: the bulk answer's shape, checked by kit's own tests.
      return (body as { statuses: { status: string }[] }).statuses.map(({ status }) => status);
    },
  };
}
