import { expect, test } from "bun:test";
import type { AuditEntry } from "@carillon/contracts/http/audit";
import { tell } from "./wording.ts";

const now = new Date("2026-11-21T13:00:00Z");
const entry = { id: "1", task_id: "2", tag_id: null, batch_id: null, via: null, version: 2, hash: "" };
const told = (action: string, changes: AuditEntry["changes"] = {}, actor: AuditEntry["actor"] = "user") =>
  tell({ ...entry, action, actor, at: now.toISOString(), changes }, now, {
    time_zone: "Europe/Berlin",
    hour_cycle: "h23",
    date_order: "dmy",
  });

test.each([
  ["task.created", "user", "You created the task."],
  ["task.completed", "token", "One of your access tokens completed the task."],
  ["reminder.sent", "notification", "The reminder service sent a reminder."],
  ["occurrence.generated", "recurring", "The repetition created the next occurrence."],
  ["task.purged", "system", "Carillon removed the task permanently."],
  ["task.unheard_of", "assistant", "The assistant did something (task.unheard_of)."],
] as const)("%s by %s", (action, actor, sentence) => {
  expect(told(action, {}, actor).sentence).toBe(sentence);
});

test.each<[string, unknown, unknown, string | null, string | null]>([
  ["priority", "medium", "urgent", "Medium", "Urgent"],
  ["due_date", null, "2026-11-23T08:00:00.000Z", null, "Mon 23 Nov, 09:00"],
  ["tags", ["home"], [{ id: "1", name: "work", color: "#000000" }, "home"], "home", "work, home"],
  ["all_day", false, true, "no", "yes"],
  [
    "reminders",
    [],
    [{ before: "1d" }, { before: null, remind_at: "2026-11-21T08:00:00Z" }],
    null,
    "1d before, Today, 09:00",
  ],
  ["title", "2026-99-99T99:99:99Z", "b", "2026-99-99T99:99:99Z", "b"],
])("a change of %s shows both values", (field, before, after, was, is) => {
  const [detail, ...more] = told("task.updated", { [field]: [before, after] }).details;
  expect(detail).toMatchObject({ before: was, after: is });
  expect(more).toEqual([]);
});

test("one changed field is named in the sentence, several are listed", () => {
  expect(told("task.updated", { title: ["a", "b"] }).sentence).toBe("You changed the title.");
  const both = told("task.updated", { title: ["a", "b"], priority: ["low", "high"] });
  expect(both.sentence).toBe("You changed the task.");
  expect(both.details.map(({ label }) => label)).toEqual(["Title", "Priority"]);
});

test("technical fields are left out, and long text is cut", () => {
  const { details } = told("task.updated", {
    updated_at: ["a", "b"],
    version: [1, 2],
    description: ["", "x".repeat(5_000)],
  });
  expect(details.map(({ label }) => label)).toEqual(["Description"]);
  expect(details[0]?.after?.length).toBe(120);
});
