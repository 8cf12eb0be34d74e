import { describe, expect, test } from "bun:test";
import type { ListTasks } from "@carillon/contracts/http/tasks";
import { searchOf } from "./search-query.ts";
import { filterOf } from "./task-filter.ts";
import { orderOf } from "./task-sort.ts";

const open = {
  completed: null,
  priorities: null,
  tagKeys: null,
  dueBefore: null,
  dueAfter: null,
  noDate: null,
  completedBefore: null,
  completedAfter: null,
  overdue: null,
  recurring: null,
  deleted: false,
  search: null,
};

describe("a list's filter", () => {
  test.each<[string, ListTasks, Partial<ReturnType<typeof filterOf>>]>([
    ["no filter", {}, {}],
    ["status", { status: "pending" }, { completed: false }],
    ["status and completed agree", { status: "completed", completed: true }, { completed: true }],
    ["priorities, any of", { priority: "urgent, low" }, { priorities: [3, 0] }],
    ["tags, any of, without regard to case", { tag: "Work,ÄRGER" }, { tagKeys: ["work,ärger", "work", "ärger"] }],
    ["a comma and the blank beside it may belong to the name", { tag: "a, b" }, { tagKeys: ["a, b", "a", "b"] }],
    ["no tag has the empty name", { tag: "" }, { tagKeys: [""] }],
    ["an empty search is none", { search: "" }, { search: null }],
    ["a blank search is none", { search: " \u00a0 " }, { search: null }],
    ["a search without words finds nothing", { search: "!!!" }, { search: [] }],
    ["a search", { search: "Tax form" }, { search: searchOf("tax form") }],
    ["dates", { due_before: "2026-11-27T17:00:00+01:00" }, { dueBefore: new Date("2026-11-27T16:00:00Z") }],
    [
      "switches",
      { overdue: false, recurring: true, deleted: true },
      { overdue: false, recurring: true, deleted: true },
    ],
  ])("%s", (_, query, expected) => {
    expect(filterOf(query)).toEqual({ ...open, ...expected });
  });

  test.each<[ListTasks, string]>([
    [{ priority: "" }, "priority"],
    [{ priority: "high,," }, "priority"],
    [{ priority: "High" }, "priority"],
    [{ priority: "high;low" }, "priority"],
    [{ status: "pending", completed: true }, "completed"],
    [{ status: "completed", completed: false }, "completed"],
  ])("%j is rejected", (query, pointer) => {
    expect(() => filterOf(query)).toThrow(
      expect.objectContaining({ status: 422, errors: [expect.objectContaining({ pointer })] }),
    );
  });
});

describe("a list's order", () => {
  test("is by due date, or by relevance with a search", () => {
    expect(orderOf(undefined, false)).toEqual({ key: "due_date", descending: false });
    expect(orderOf(undefined, true)).toEqual({ key: "relevance", descending: true });
  });

  test("is reversed by a minus; the best comes first by relevance", () => {
    expect(orderOf("title", true)).toEqual({ key: "title", descending: false });
    expect(orderOf("-priority", false)).toEqual({ key: "priority", descending: true });
    expect(orderOf("relevance", true)).toEqual({ key: "relevance", descending: true });
    expect(orderOf("-relevance", true)).toEqual({ key: "relevance", descending: false });
  });
});
