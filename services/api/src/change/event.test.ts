import { describe, expect, test } from "bun:test";
import { changesBetween, eventOf } from "./event.ts";

describe("what changed", () => {
  const row = (fields: { title?: string | null; tags?: string[]; done?: boolean; at?: string | null }) => ({
    title: "a",
    tags: ["x"],
    done: false,
    at: null,
    ...fields,
  });
  const all = ["title", "tags", "done", "at"] as const;

  test("is every listed field that differs, as [before, after]", () => {
    expect(changesBetween(row({}), row({ title: "b", tags: ["x", "y"] }), all)).toEqual({
      title: ["a", "b"],
      tags: [["x"], ["x", "y"]],
    });
    expect(changesBetween(row({}), row({ title: "b", done: true }), ["done"])).toEqual({ done: [false, true] });
    expect(changesBetween(row({}), row({}), all)).toEqual({});
  });

  test("compares values by content, and lists by their order", () => {
    expect(changesBetween(row({ tags: ["x", "y"] }), row({ tags: ["x", "y"] }), all)).toEqual({});
    expect(changesBetween(row({ tags: ["x", "y"] }), row({ tags: ["y", "x"] }), ["tags"])).toEqual({
      tags: [
        ["x", "y"],
        ["y", "x"],
      ],
    });
  });

  test("has null for a missing side, and distinguishes false and empty from missing", () => {
    expect(changesBetween(null, row({}), all)).toEqual({
      title: [null, "a"],
      tags: [null, ["x"]],
      done: [null, false],
    });
    expect(changesBetween(row({ title: "" }), null, all)).toEqual({
      title: ["", null],
      tags: [["x"], null],
      done: [false, null],
    });
  });
});

test("an event carries its change in the envelope and in the data, and a trace only if there is one", () => {
  const said = {
    type: "task.updated",
    entityId: "t",
    taskId: "t",
    version: 2,
    changes: {},
    more: { task_data: { id: "t" } },
  } as const;
  const now = new Date("2026-11-21T09:00:00Z");
  const event = eventOf(said, {
    eventId: "e",
    userId: "u",
    changeSeq: 7,
    actor: "token",
    now,
    traceparent: undefined,
    cause: null,
  });
  expect(event).toEqual({
    specversion: "1.0",
    id: "e",
    source: "/carillon/api",
    type: "task.updated",
    subject: "t",
    time: "2026-11-21T09:00:00.000Z",
    datacontenttype: "application/json",
    dataschema: "urn:carillon:event:task.updated/v1",
    partitionkey: "u",
    data: {
      event_type: "task.updated",
      user_id: "u",
      task_id: "t",
      change_seq: 7,
      actor: "token",
      timestamp: "2026-11-21T09:00:00.000Z",
      version: 2,
      changes: {},
      task_data: { id: "t" },
    },
  });
});

test("an event names the request that it goes back to, and the event that caused it, where there are such", () => {
  const said = { type: "task.updated", entityId: "t", taskId: "t", version: 2, changes: {}, more: {} } as const;
  const circumstances = { eventId: "e", userId: "u", changeSeq: 7, actor: "user", traceparent: undefined } as const;
  const idsOf = (cause: { correlationId: string; causationId: string | null } | null) => {
    const { correlationid, causationid } = eventOf(said, { ...circumstances, now: new Date(0), cause });
    return [correlationid, causationid];
  };
  expect(idsOf({ correlationId: "c", causationId: "before" })).toEqual(["c", "before"]);
  expect(idsOf({ correlationId: "c", causationId: null })).toEqual(["c", undefined]);
  expect(idsOf(null)).toEqual([undefined, undefined]);
});
