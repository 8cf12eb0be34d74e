import { Nullable, Strict, Uuid } from "@carillon/contracts/http/shared";
import { NewTask, TaskPatch } from "@carillon/contracts/http/tasks";
import { Text } from "@carillon/contracts/http/text";
import { invalid } from "@carillon/kit/service";
import { Type } from "@sinclair/typebox";
import { createTask, loadTask, updateTask } from "../../tasks/index.ts";
import { fitting, understood, withInstants } from "./dates-in.ts";
import { DateInput } from "./local-time.ts";
import { defineTool, WriteAnswer } from "./tool.ts";
import { dueWords, named } from "./words.ts";
import { onEach, unconditional, write } from "./write.ts";

export const dryRun = Type.Optional(
  Type.Boolean({ default: false, description: "true: only show what would happen; nothing is changed" }),
);
export const consent = Type.Optional(
  Type.String({
    maxLength: 64,
    description: "the id of the proposal that this very call was answered with, once the user has said yes",
  }),
);
export const ids = Type.Array(Uuid, {
  minItems: 1,
  maxItems: 50,
  description: "tasks; more than three ask for consent",
});

const { description, priority, time_zone, all_day, tags, recurring_pattern, recurrence_anchor } = NewTask.properties;
const Reminders = Type.Optional(
  Nullable(
    Type.Array(
      Type.Union([
        Type.Object({ before: Type.String({ maxLength: 8, examples: ["1d"] }) }, Strict),
        Type.Object({ at: DateInput }, Strict),
      ]),
      { maxItems: 20, description: "replaces all: {before: 15m, 1h, 1d, 1w …} or {at: a date}" },
    ),
  ),
);
const recurrence = {
  recurring_pattern,
  recurrence_anchor,
  recurrence_ends_at: Type.Optional(Nullable(DateInput)),
};

export const createTaskTool = defineTool({
  name: "create_task",
  title: "Create a task",
  kind: "write",
  description:
    "Makes one task. Give either `text`, the user's own words with dates, rules, #tags, !priority and reminders in them (“pay rent every " +
    "month on the 1st at 9 #home remind 1 day before”), or `title` with fields; fields win over words.",
  input: Type.Object(
    {
      text: Type.Optional(Text({ min: 1, max: 1_000 })),
      title: Type.Optional(NewTask.properties.title),
      description,
      priority,
      due_date: Type.Optional(Nullable(DateInput)),
      time_zone,
      all_day,
      tags,
      ...recurrence,
      reminders: Reminders,
      dry_run: dryRun,
    },
    Strict,
  ),
  output: WriteAnswer,
  run: async (asking, input) => {
    const { text, dry_run: _, ...given } = input;
    const { language } = asking.reader;
    if (text === undefined && given.title === undefined)
      throw invalid({ pointer: "/title", detail: "is required, or text with the title in it" });
    const read = text === undefined ? { fields: {}, notes: [] } : understood(asking, text);
    const body = fitting(NewTask, { ...read.fields, ...withInstants(given, asking.timeZone) });
    return write(asking, input, {
      tool: "create_task",
      work: async (change) => {
        const state = await createTask(change, body);
        const what = `${named([state], language)}${dueWords([state], asking.reader)}`;
        return { verb: "create", what, notes: read.notes, states: [state] };
      },
    });
  },
});

export const updateTaskTool = defineTool({
  name: "update_task",
  title: "Change tasks",
  kind: "write",
  description:
    "Changes title, description, priority, tags, rule or reminders of tasks. What is absent stays; null takes a value away. It never moves a " +
    "date: that is reschedule_task, which keeps the rule. add_tags and remove_tags leave the other tags alone.",
  input: Type.Object(
    {
      ids,
      title: TaskPatch.properties.title,
      description,
      priority,
      tags,
      add_tags: Type.Optional(Type.Array(Text({ min: 1, max: 100 }), { maxItems: 50 })),
      remove_tags: Type.Optional(Type.Array(Text({ min: 1, max: 100 }), { maxItems: 50 })),
      ...recurrence,
      reminders: Reminders,
      dry_run: dryRun,
      consent,
    },
    Strict,
  ),
  output: WriteAnswer,
  run: async (asking, input) => {
    const { ids: of, add_tags = [], remove_tags = [], dry_run: _, consent: __, ...given } = input;
    const { language } = asking.reader;
    if (given.title !== undefined && new Set(of).size > 1)
      throw invalid({ pointer: "/title", detail: "can be given to one task only" });
    const removed = new Set(remove_tags.map((name) => name.toLowerCase()));
    const isTagged = add_tags.length > 0 || remove_tags.length > 0;
    return write(asking, input, {
      tool: "update_task",
      work: async (change) => {
        const states = await onEach(of, async (id) => {
          const before = await loadTask(change.tx, change.userId, id);
          const worn = given.tags ?? before.tags.map(({ name }) => name);
          const names = [...worn.filter((name) => !removed.has(name.toLowerCase())), ...add_tags];
          const patch = { ...withInstants(given, before.row.time_zone), ...(isTagged ? { tags: names } : {}) };
          return updateTask(change, id, fitting(TaskPatch, patch), unconditional);
        });
        const what = `${named(states, language)}${dueWords(states, asking.reader)}`;
        return { verb: "change", what, states };
      },
    });
  },
});
