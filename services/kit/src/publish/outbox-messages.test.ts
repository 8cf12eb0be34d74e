import { expect, test } from "bun:test";
import { eventOf } from "../../test/outbox-fixture.ts";
import { messagesOf } from "./outbox-messages.ts";

const user = "0199a8c2-7f3e-7b61-9d4c-3a5e8f102b77";

test("a screen hears that something changed, and none of its content", () => {
  const event = eventOf(user, 7);
  const secret = { ...event, data: { ...event.data, task_data: { title: "secret" } } };
  const [whole, hint] = messagesOf(user, secret);
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
  const sent = messagesOf(user, revoked);
  expect(sent.map(({ topic }) => topic)).toEqual(["task-updates"]);
  expect(sent[0]?.event.data).toMatchObject({ event_type: "session.revoked", session_id: "s-1" });
});

test("a reminder's plan goes to the notification service too", () => {
  const event = eventOf(user, 1, { type: "reminder.scheduled" });
  expect(messagesOf(user, event).map(({ topic }) => topic)).toEqual(["task-events", "reminders", "task-updates"]);
});

test("an unknown type or version is not guessed at", () => {
  expect(() => messagesOf(user, eventOf(user, 1, { type: "task.exploded" }))).toThrow("unknown event type");
  const newer = eventOf(user, 1, { dataschema: "urn:carillon:event:task.updated/v2" });
  expect(() => messagesOf(user, newer)).toThrow("unknown version");
});
