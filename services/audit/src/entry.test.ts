import { expect, test } from "bun:test";
import type { CloudEvent, EventData } from "@carillon/contracts/event";
import { decode, redact } from "./entry.ts";

const user = "0197c3f0-0000-7000-8000-000000000001";
const task = "0197c3f0-0000-7000-8000-0000000000aa";

function event(data: Partial<EventData> = {}, envelope: Partial<CloudEvent> = {}): CloudEvent<EventData> {
  const type = data.event_type ?? "task.updated";
  return {
    specversion: "1.0",
    id: "0197c3f0-0000-7000-8000-0000000000ee",
    source: "/carillon/api",
    type,
    subject: task,
    time: "2026-11-21T09:00:00.000Z",
    datacontenttype: "application/json",
    dataschema: `urn:carillon:event:${type}/v1`,
    partitionkey: user,
    ...envelope,
    data: {
      event_type: type,
      user_id: user,
      task_id: task,
      change_seq: 7,
      actor: "user",
      timestamp: "2026-11-21T09:00:00.000Z",
      version: 3,
      changes: { title: ["old", "new"] },
      ...data,
    },
  };
}

test("an entry says who changed what of which task, when, and the value before", () => {
  expect(decode(event())).toEqual({
    kind: "entry",
    draft: {
      userId: user,
      id: "0197c3f0-0000-7000-8000-0000000000ee",
      taskId: task,
      tagId: null,
      batchId: null,
      action: "task.updated",
      actor: "user",
      via: null,
      at: "2026-11-21T09:00:00.000Z",
      version: 3,
      changes: '{"title":["old","new"]}',
    },
  });
});

test("an entry reads the same however ids and instants are spelled", () => {
  const spelled = event(
    { user_id: user.toUpperCase(), task_id: task.toUpperCase(), timestamp: "2026-11-21T10:00:00.000999+01:00" },
    { id: "0197C3F0-0000-7000-8000-0000000000EE" },
  );
  expect(decode(spelled)).toEqual(decode(event()));
});

test("an entry says on whose word an assistant acted, and repeats no other text", () => {
  const via = "conversation 0197c3f0-0000-7000-8000-0000000000cc";
  expect(decode(event({ via }))).toMatchObject({ kind: "entry", draft: { via } });
  for (const odd of ["conversation", "robot 0197c3f0-0000-7000-8000-0000000000cc", `${via}\ud800`])
    expect(decode(event({ via: odd }))).toMatchObject({ kind: "entry", draft: { via: null } });
});

test("an entry names the tag it is of and the batch it belongs to", () => {
  const id = "0197c3f0-0000-7000-8000-0000000000bb";
  const { data, ...envelope } = event({ task_id: null, batch_id: id.toUpperCase() });
  const decoded = decode({ ...envelope, data: Object.assign(data, { tag_id: id.toUpperCase() }) });
  expect(decoded).toMatchObject({ kind: "entry", draft: { taskId: null, tagId: id, batchId: id } });
});

test("an event of a tag is an entry without a task", () => {
  const decoded = decode(event({ event_type: "tag.created", task_id: null }));
  expect(decoded).toMatchObject({ kind: "entry", draft: { action: "tag.created", taskId: null } });
});

test("the end of a user is not an entry but an order to erase", () => {
  expect(decode(event({ event_type: "user.erased", task_id: null }))).toEqual({ kind: "erase", userId: user });
});

const undecodable: [string, CloudEvent<EventData>, string][] = [
  ["a version beyond the column", event({ version: 2 ** 31 }), "it holds a version that is no version"],
  ["NUL in a value", event({ changes: { title: [null, "a\0b"] } }), "it holds a NUL character"],
  [
    "half a character in a name",
    event({ changes: { "\ud800": [1, 2] } }),
    "it holds half a character (a lone surrogate)",
  ],
];
for (const [what, given, reason] of undecodable) {
  test(`undecodable, with its reason: ${what}`, () => {
    expect(decode(given)).toEqual({ kind: "undecodable", reason });
  });
}

test("the value under a secret's name is never kept, at any depth; that there was one, is", () => {
  const changes = {
    title: ["token", "password"] as [unknown, unknown],
    password_hash: [null, "$argon2id$…"] as [unknown, unknown],
    calendar: [{ feed: { secret: "s3cret", name: "home" } }, [{ apiKey: "k" }, null]] as [unknown, unknown],
  };
  expect(decode(event({ changes: { token: ["a", "b"] } }))).toMatchObject({
    draft: { changes: '{"token":["[redacted]","[redacted]"]}' },
  });
  expect(redact(changes)).toEqual({
    title: ["token", "password"],
    password_hash: [null, "[redacted]"],
    calendar: [{ feed: { secret: "[redacted]", name: "home" } }, [{ apiKey: "[redacted]" }, null]],
  });
});
