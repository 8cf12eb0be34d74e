import type { Claim, ReminderResult } from "@carillon/contracts/http/reminders";
import type { Task } from "@carillon/contracts/http/tasks";
import { type Client, clientOf } from "./client.ts";
import { appToken, type Harness, type Person, startApi } from "./harness.ts";

/** The time of delivery tests: long ago, so that no row is due by accident of the real time. */
const beginning = Date.parse("2025-11-24T09:00:00.000Z");

export type Past = {
  api: Harness;
  clock: { now(): Date; advance(ms: number): void };
  /** An RFC 3339 instant that many minutes from now. */
  inMinutes(minutes: number): string;
  person(fields?: Record<string, unknown>): Promise<Person & { as: Client }>;
  claim(...plans: { id: string; generation: number }[]): Promise<Claim[]>;
  report(...results: ReminderResult[]): Promise<string[]>;
  internal(path: string, body: unknown): ReturnType<Harness["call"]>;
};

/** `api` with a clock in the past. */
export async function startPast(): Promise<Past> {
  let nowMs = beginning;
  const clock = {
    now: () => new Date(nowMs),
    advance(ms: number) {
      nowMs += ms;
    },
  };
  // Days pass in these tests, without another sign-in.
  const api = await startApi({ sessionMinutes: 525_600 }, (deps) => ({
    ...deps,
    clock,
    databaseNow: async () => clock.now(),
  }));
  const internal: Past["internal"] = (path, body) =>
    api.call("POST", path, { body, headers: { "dapr-api-token": appToken } });
  return {
    api,
    clock,
    inMinutes: (minutes) => new Date(nowMs + minutes * 60_000).toISOString(),
    async person(fields) {
      const person = await api.signUp(fields);
      return { ...person, as: clientOf(api, person) };
    },
    claim: async (...plans) => (await internal("/internal/reminders/claim", { reminders: plans })).body.reminders,
    report: async (...results) =>
      (await internal("/internal/reminders/results", { results })).body.results.map(
        ({ taken }: { taken: string }) => taken,
      ),
    internal,
  };
}

/** The first plan of the task's first (or `index`th) reminder. */
export const planOf = (task: Task, index = 0, generation = 1) => ({ id: task.reminders[index]?.id ?? "", generation });
