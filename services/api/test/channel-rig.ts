import { expect } from "bun:test";
import type { CreatedChannel, Send, SendResult, TakenChannel } from "@carillon/contracts/http/channels";
import type { Notification } from "@carillon/contracts/http/reminders";
import type { Task } from "@carillon/contracts/http/tasks";
import { type Past, planOf } from "./past.ts";

type Person = Awaited<ReturnType<Past["person"]>>;

let topics = 0;
export async function addNtfy({ as }: Person): Promise<CreatedChannel> {
  const { status, body } = await as.post("/api/channels", {
    kind: "ntfy",
    target: `https://ntfy.sh/kitchen-${++topics}`,
  });
  expect(status).toBe(201);
  return body;
}

export async function addWebhook({ as }: Person, fields: Record<string, unknown> = {}): Promise<CreatedChannel> {
  const target = `https://hooks.example.com/${++topics}`;
  const { status, body } = await as.post("/api/channels", { kind: "webhook", target, ...fields });
  expect(status).toBe(201);
  return body;
}

export const take = async (past: Past): Promise<TakenChannel[]> =>
  (await past.internal("/internal/channels/take", { push_key: null })).body.channels;

/** The messages that `channel` should send now; what other tests left is taken with them. */
export async function takeFor(past: Past, { id }: { id: string }): Promise<Send[]> {
  return (await take(past)).find(({ channel }) => channel.id === id)?.sends ?? [];
}

/** Those of them of whose channels something is taken now. */
export async function takenOf<Known extends { channels: { id: string }[] }>(past: Past, ...those: Known[]) {
  const ids = (await take(past)).map(({ channel }) => channel.id);
  return those.filter(({ channels }) => channels.some(({ id }) => ids.includes(id)));
}

export async function note(
  past: Past,
  channel: { id: string },
  send: Send,
  outcome: SendResult["outcome"],
  delayMs: number | null = null,
) {
  const result = { user_id: send.user_id, id: send.id, outcome, delay_ms: delayMs, status_code: 200, detail: null };
  const channels = [{ user_id: send.user_id, id: channel.id }];
  expect((await past.internal("/internal/channels/results", { channels, results: [result] })).status).toBe(204);
}

/** A user with these channels and a reminder that is due now. */
export async function due(past: Past, make: (person: Person) => Promise<CreatedChannel>[] = () => []) {
  const person = await past.person({ time_zone: "Europe/Berlin" });
  const channels = await Promise.all(make(person));
  const fields = { title: "Submit the report", due_date: past.inMinutes(120), reminders: [{ before: "1h" }] };
  const task = await person.as.make(fields);
  past.clock.advance(3_600_000);
  const state = async () => {
    const { body }: { body: Task } = await person.as.get(`/api/tasks/${task.id}`);
    return [body.reminders[0]?.state, body.reminders[0]?.reason];
  };
  const parts = async () => {
    const { body } = await person.as.get("/api/notifications");
    return (body.data as Notification[])[0]?.channels.map(({ kind, state, reason }) => [kind, state, reason]);
  };
  const mail = (outcome: "sent" | "failed") =>
    past.report({ ...planOf(task), outcome, attempts: 1, at: past.clock.now().toISOString() });
  return { person, task, channels, state, parts, mail };
}
