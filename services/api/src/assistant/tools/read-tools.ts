import { dayFromText, startOfDay } from "@carillon/calendar/zone";
import { Cursor, Nullable, Strict, Uuid } from "@carillon/contracts/http/shared";
import { type ListTasks, Sort } from "@carillon/contracts/http/tasks";
import { Text } from "@carillon/contracts/http/text";
import { invalid } from "@carillon/kit/service";
import { type TProperties, Type } from "@sinclair/typebox";
import { listTasks, loadTask, loadTasks } from "../../tasks/index.ts";
import { DateInput, momentOf, readDate } from "./local-time.ts";
import { ShownTask, shownTask } from "./shown.ts";
import { type Asking, defineTool, Moment, maxRows } from "./tool.ts";

export const page = {
  limit: Type.Optional(Type.Integer({ minimum: 1, maximum: maxRows, default: maxRows })),
  cursor: Type.Optional(Cursor),
};

/** A page as every reading tool answers it. */
export const Rows = <Fields extends TProperties>(fields: Fields) =>
  Type.Object({ now: Moment, ...fields, next_cursor: Nullable(Type.String()) });

const Status = Type.Union([Type.Literal("pending"), Type.Literal("completed"), Type.Literal("any")], {
  default: "pending",
});
const TaskRows = Rows({ tasks: Type.Array(ShownTask) });

async function rowsOf(asking: Asking, query: ListTasks) {
  const { deps, userId, timeZone } = asking;
  const { data, next_cursor } = await listTasks(deps, { userId }, { limit: maxRows, ...query });
  // A list does not read where a task is in its series; the next dates take it.
  const states = await loadTasks(
    deps.sql,
    userId,
    data.map(({ id }) => id),
  );
  const now = deps.clock.now();
  return { now: momentOf(now, timeZone), tasks: states.map((state) => shownTask(state, now)), next_cursor };
}

const statusOf = (status: "pending" | "completed" | "any" | undefined): Pick<ListTasks, "status"> =>
  status === "any" ? {} : { status: status ?? "pending" };

/** An instant of the filter, from a date as a model writes it. */
function instantOf({ timeZone }: Asking, pointer: string, text: string): string {
  const read = readDate(text, timeZone);
  if (read === null) throw invalid({ pointer, detail: "is no date; write it as 2026-12-04 or 2026-12-04T17:00" });
  return read.at.toISOString();
}

/** The stretch of one day of the user's calendar. */
function dayOf({ timeZone }: Asking, text: string): Pick<ListTasks, "due_after" | "due_before"> {
  const day = dayFromText(text);
  if (day === null) throw invalid({ pointer: "/due_on", detail: "is no date; write it as 2026-12-04" });
  const from = startOfDay(day, timeZone);
  return { due_after: from.toISOString(), due_before: startOfDay(day + 1, timeZone).toISOString() };
}

export const listTasksTool = defineTool({
  name: "list_tasks",
  title: "List tasks",
  kind: "read",
  description:
    "Tasks, soonest due first, in pages. Without filters: everything still to do. overdue=true for what is late, due_on for one day, " +
    "deleted=true for the trash. To find tasks by words take search_tasks.",
  input: Type.Object(
    {
      status: Type.Optional(Status),
      overdue: Type.Optional(Type.Boolean()),
      due_on: Type.Optional(Type.String({ maxLength: 10, examples: ["2026-12-04"], description: "the user's day" })),
      due_after: Type.Optional(DateInput),
      due_before: Type.Optional(DateInput),
      priority: Type.Optional(
        Type.String({ maxLength: 64, description: "comma list: any of low, medium, high, urgent" }),
      ),
      tag: Type.Optional(Text({ min: 0, max: 1_000, description: "comma list of tag names: any of them" })),
      recurring: Type.Optional(Type.Boolean()),
      deleted: Type.Optional(Type.Boolean({ description: "true: only the trash" })),
      sort: Type.Optional(Sort),
      ...page,
    },
    Strict,
  ),
  output: TaskRows,
  run: async (asking, { status, due_on, due_after, due_before, deleted, ...rest }) =>
    rowsOf(asking, {
      ...rest,
      ...(deleted === undefined ? {} : { deleted }),
      // The trash holds tasks that are done and tasks that are not.
      ...(deleted && status === undefined ? {} : statusOf(status)),
      ...(due_after === undefined ? {} : { due_after: instantOf(asking, "/due_after", due_after) }),
      ...(due_before === undefined ? {} : { due_before: instantOf(asking, "/due_before", due_before) }),
      ...(due_on === undefined ? {} : dayOf(asking, due_on)),
    }),
});

export const searchTasksTool = defineTool({
  name: "search_tasks",
  title: "Search tasks",
  kind: "read",
  description:
    "Tasks whose title or description has these words, best first. Beginnings of words count; quotes keep words together, -word leaves out.",
  input: Type.Object(
    { query: Text({ min: 1, max: 200, examples: ["report"] }), status: Type.Optional(Status), ...page },
    Strict,
  ),
  output: TaskRows,
  run: async (asking, { query, status, ...rest }) => rowsOf(asking, { ...rest, ...statusOf(status), search: query }),
});

export const getTaskTool = defineTool({
  name: "get_task",
  title: "Read one task",
  kind: "read",
  description: "One task with its whole description, also from the trash.",
  input: Type.Object({ id: Uuid }, Strict),
  output: Type.Object({ now: Moment, task: ShownTask }),
  run: async ({ deps, userId, timeZone }, { id }) => {
    const state = await loadTask(deps.sql, userId, id, "any");
    const now = deps.clock.now();
    return { now: momentOf(now, timeZone), task: shownTask(state, now, { whole: true }) };
  },
});
