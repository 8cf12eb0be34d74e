import type { CloudEvent } from "@carillon/contracts/event";
import type { Completion, Settlement } from "@carillon/contracts/http/occurrences";
import { appTokenHeader } from "@carillon/contracts/names";
import type { Log } from "@carillon/kit/observe";
import type { Invoker, State } from "@carillon/kit/ports";
import { createInternalApp } from "../src/app.ts";
import { type Swept, sweep } from "../src/sweep.ts";

const appToken = "a-token-of-the-sidecar";

/** A recorded request to api: method and path, and the body, if any. */
export type Asked = { what: string; body: Record<string, unknown> | null };

type Answers = (asked: Asked) => Response | Promise<Response>;

export const settled = (outcome: Settlement["outcome"], completion: Completion | null = null): Response =>
  Response.json({ outcome, completion } satisfies Settlement, { status: outcome === "made" ? 201 : 200 });

/** recurring with an api that answers as the test says and records its requests. */
export function openDoor(answer: Answers) {
  const asked: Asked[] = [];
  const errors: Record<string, unknown>[] = [];
  const values = new Map<string, unknown>();
  const invoke: Invoker = {
    async call(_, request) {
      const { pathname, search } = new URL(request.url);
      const text = await request.text();
      const one: Asked = {
        what: `${request.method} ${pathname}${search}`,
        body: text === "" ? null : JSON.parse(text),
      };
      asked.push(one);
      return answer(one);
    },
  };
  const state: State = {
    // What was set under a key has the caller's type: the port's own promise.
    get: async <Value>(key: string) => (values.has(key) ? { value: values.get(key) as Value, etag: "1" } : null),
    set: async (key, value) => values.set(key, value) !== undefined,
    delete: async (key) => void values.delete(key),
  };
  const quiet = () => {};
  const log: Log = { debug: quiet, info: quiet, warn: quiet, error: (_, fields = {}) => void errors.push(fields) };
  const app = createInternalApp({ log, appToken, invoke, state });
  return {
    asked,
    /** Logged errors. */
    errors,
    state,
    sweep: (): Promise<Swept> => sweep({ log, invoke, state }),
    /** Delivers events in Dapr's bulk envelope; returns the status of each. */
    async deliver(events: readonly CloudEvent[]): Promise<string[]> {
      const entries = events.map((event, at) => ({ entryId: String(at), event }));
      const request = new Request("http://localhost/events/task-events", {
        method: "POST",
        headers: { [appTokenHeader]: appToken },
        body: JSON.stringify({ id: "1", entries }),
      });
      // Sound: the bulk answer's shape, checked by kit's own tests.
      const { statuses } = (await (await app.handle(request)).json()) as { statuses: { status: string }[] };
      return statuses.map(({ status }) => status);
    },
  };
}
