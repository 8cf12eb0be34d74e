import { expect, test } from "bun:test";
import { eventOf } from "@carillon/testing/events";
import { messagesOf, UnreadableRow } from "./outbox-messages.ts";

const user = "0199a8c2-7f3e-7b61-9d4c-3a5e8f102b77";

test("a screen gets notice of a change, without its content", () => {
  const event = eventOf(user, 7);
  const secret = { ...event, data: { ...event.data, task_data: { title: "secret" } } };
  const [whole, hint] = messagesOf(user, JSON.stringify(secret));
  expect(whole).toEqual({ topic: "task-events", key: user, event: secret });
  expect(hint).toEqual({
    topic: "task-updates",
    key: user,
    event: {
      ...event,
      type: "task.changed",
      dataschema: "urn:carillon:event:task.changed/v1",
      data: {
        event_type: "task.updated",
        task_id: event.data.task_id,
        version: 7,
        user_id: user,
        change_seq: 7,
        actor: "user",
        timestamp: event.data.timestamp,
      },
    },
  });
});

test("the end of a session goes to open streams only and names the session", () => {
  const event = eventOf(user, 1, { type: "session.revoked" });
  const revoked = { ...event, data: { ...event.data, event_type: "session.revoked", session_id: "s-1" } };
  const sent = messagesOf(user, JSON.stringify(revoked));
  expect(sent.map(({ topic }) => topic)).toEqual(["task-updates"]);
  expect(sent[0]?.event.data).toMatchObject({ event_type: "session.revoked", session_id: "s-1" });
});

test("a reminder's plan goes to the notification service too", () => {
  const event = eventOf(user, 1, { type: "reminder.scheduled" });
  expect(messagesOf(user, JSON.stringify(event)).map(({ topic }) => topic)).toEqual([
    "task-events",
    "reminders",
    "task-updates",
  ]);
});

const good = eventOf(user, 1);
const { data: _, ...withoutData } = good;
const { id: __, ...withoutId } = good;
const unreadable: [string, unknown, string][] = [
  ["an unknown type", { ...good, type: "task.exploded" }, "unknown event type task.exploded"],
  ["a type with controls in it", { ...good, type: "task\u0000\n" }, "unknown event type task "],
  ["an unknown version", { ...good, dataschema: "urn:x/v2" }, "unknown version of task.updated: urn:x/v2"],
  ["no data", withoutData, "the event has no data"],
  ["null for data", { ...good, data: null }, "the event has no data"],
  ["a list for data", { ...good, data: [] }, "the event has no data"],
  ["no id", withoutId, "the event has no id"],
  ["a number for a type", { ...good, type: 7 }, "the event has no type"],
  ["null", null, "the event is not an object"],
  ["a text", "task.created", "the event is not an object"],
  ["a number", 7, "the event is not an object"],
  ["a list", [good], "the event is not an object"],
  ["more than the bus takes", { ...good, data: { changes: "x".repeat(900_000) } }, "characters"],
];
for (const [what, event, reason] of unreadable) {
  test(`a row with ${what} is rejected with the reason`, () => {
    expect(() => messagesOf(user, JSON.stringify(event))).toThrow(UnreadableRow);
    expect(() => messagesOf(user, JSON.stringify(event))).toThrow(reason);
  });
}
