import { isTimeZone, parseInstant } from "@carillon/calendar/zone";
import { AuditPage } from "@carillon/contracts/http/audit";
import { Insights } from "@carillon/contracts/http/insights";
import { ParsedText } from "@carillon/contracts/http/quick-add";
import { RecurrencePreview } from "@carillon/contracts/http/recurrence";
import { Nullable, Strict, Uuid } from "@carillon/contracts/http/shared";
import { Text } from "@carillon/contracts/http/text";
import { invalid } from "@carillon/kit/service";
import { Type } from "@sinclair/typebox";
import { readAudit } from "../../ask-audit.ts";
import { getInsights } from "../../insights/index.ts";
import { previewRecurrence } from "../../recurrence/index.ts";
import { listNotifications } from "../../reminders/index.ts";
import { loadTask, parseText } from "../../tasks/index.ts";
import { DateInput, localText, momentOf, readDate } from "./local-time.ts";
import { page, Rows } from "./read-tools.ts";
import { type Asking, defineTool, Moment, maxRows } from "./tool.ts";

const now = ({ deps, timeZone }: Asking) => momentOf(deps.clock.now(), timeZone);

export const previewRecurrenceTool = defineTool({
  name: "preview_recurrence",
  title: "Preview a rule",
  kind: "read",
  description: "The next dates of a rule (daily, weekly, monthly, yearly or RFC 5545) before it becomes a task's.",
  input: Type.Object(
    {
      recurring_pattern: Text({ min: 1, max: 255, examples: ["FREQ=MONTHLY;BYDAY=-1FR"] }),
      due_date: DateInput,
      time_zone: Type.Optional(Type.String({ maxLength: 64 })),
      anchor: Type.Optional(Type.Union([Type.Literal("due_date"), Type.Literal("completion")])),
      count: Type.Optional(Type.Integer({ minimum: 1, maximum: maxRows, default: 5 })),
    },
    Strict,
  ),
  output: Type.Object({
    now: Moment,
    rrule: RecurrencePreview.properties.rrule,
    text: Type.String(),
    time_zone: Type.String(),
    dates: Type.Array(Type.Object({ local: Type.String(), note: Type.Optional(Type.String()) })),
  }),
  run: async (asking, { due_date, time_zone = asking.timeZone, ...rest }) => {
    if (!isTimeZone(time_zone)) throw invalid({ pointer: "/time_zone", detail: "must be an IANA time zone" });
    const first = readDate(due_date, time_zone);
    if (first === null) throw invalid({ pointer: "/due_date", detail: "is no date" });
    const preview = previewRecurrence({ ...rest, time_zone, due_date: first.at.toISOString() }, asking.reader);
    const place = { timeZone: time_zone, allDay: first.allDay === true };
    const dates = preview.occurrences.map(({ due_date: date, note }) => ({
      local: localText(new Date(date), place),
      ...(note === undefined ? {} : { note }),
    }));
    return { now: now(asking), rrule: preview.rrule, text: preview.text, time_zone, dates };
  },
});

export const parseTextTool = defineTool({
  name: "parse_text",
  title: "Understand words as a task",
  kind: "read",
  description:
    "What a line of English or German means as a task: date, rule, reminders, tags, priority, and which words stay in the title and why. " +
    "Writes nothing; create_task with `text` makes the task.",
  input: Type.Object(
    {
      text: Text({ min: 1, max: 1_000 }),
      language: Type.Optional(Type.Union([Type.Literal("en"), Type.Literal("de")])),
    },
    Strict,
  ),
  output: Type.Object({ now: Moment, ...ParsedText.properties, due_local: Nullable(Type.String()) }),
  run: async (asking, { text, language }) => {
    const line = { text, ...(language === undefined ? {} : { language }) };
    const parsed = parseText(line, { ...asking.reader, now: asking.deps.clock.now() });
    const place = { timeZone: asking.timeZone, allDay: parsed.all_day === true };
    const due_local = parsed.due_date == null ? null : localText(new Date(parsed.due_date), place);
    return { now: now(asking), ...parsed, due_local };
  },
});

export const listNotificationsTool = defineTool({
  name: "list_notifications",
  title: "List reminders",
  kind: "read",
  description: "Reminders, the latest first: which rang, which will, which did not and why.",
  input: Type.Object(
    {
      state: Type.Optional(
        Type.String({ maxLength: 64, description: "comma list: any of pending, sent, failed, missed, cancelled" }),
      ),
      ...page,
    },
    Strict,
  ),
  output: Rows({
    notifications: Type.Array(
      Type.Object({
        task_id: Uuid,
        task_title: Type.String(),
        at_local: Nullable(Type.String()),
        state: Type.String(),
        reason: Nullable(Type.String()),
      }),
    ),
  }),
  run: async (asking, query) => {
    const { deps, userId, timeZone } = asking;
    const { data, next_cursor } = await listNotifications(deps, userId, { limit: maxRows, ...query });
    const notifications = data.map(({ task_id, task_title, remind_at, state, reason }) => {
      const at_local = remind_at && localText(new Date(remind_at), { timeZone, allDay: false });
      return { task_id, task_title, at_local, state, reason };
    });
    return { now: now(asking), notifications, next_cursor };
  },
});

/** Of each value a history names: descriptions have 20 000 characters, and an entry has two of them. */
const maxValue = 200;

const valueText = (value: unknown): string => {
  const text = typeof value === "string" ? value : JSON.stringify(value);
  return text.length <= maxValue ? text : `${text.slice(0, maxValue)}…`.toWellFormed();
};

export const taskHistoryTool = defineTool({
  name: "task_history",
  title: "Read a task's history",
  kind: "read",
  description: "What happened to one task, newest first: who changed what, from which value to which.",
  input: Type.Object({ id: Uuid, ...page }, Strict),
  output: Rows({
    entries: Type.Array(
      Type.Object({
        id: Uuid,
        at_local: Type.String(),
        action: Type.String(),
        actor: Type.String(),
        via: Nullable(Type.String({ description: "on whose word an assistant acted" })),
        changes: Type.Array(Type.Object({ field: Type.String(), before: Type.String(), after: Type.String() })),
      }),
    ),
  }),
  run: async (asking, { id, limit = maxRows, cursor }) => {
    const { deps, userId, timeZone } = asking;
    const { row } = await loadTask(deps.sql, userId, id, "any");
    const question = { user_id: userId, task_id: row.id, limit, cursor };
    const { data, next_cursor } = await readAudit(deps, AuditPage, "/internal/entries", question);
    const entries = data.map(({ id: entryId, at, action, actor, via, changes }) => ({
      id: entryId,
      at_local: localText(parseInstant(at) ?? new Date(0), { timeZone, allDay: false }),
      action,
      actor: String(actor),
      via: via ?? null,
      changes: Object.entries(changes).map(([field, [before, after]]) => ({
        field,
        before: valueText(before ?? null),
        after: valueText(after ?? null),
      })),
    }));
    return { now: now(asking), entries, next_cursor };
  },
});

export const getInsightsTool = defineTool({
  name: "get_insights",
  title: "Count what was done",
  kind: "read",
  description:
    "Completions by day, week, tag and priority, how many were on time, streaks, and what is open. The last 30 days by default.",
  input: Type.Object({ from: Type.Optional(DateInput), to: Type.Optional(DateInput) }, Strict),
  output: Type.Object({ now: Moment, ...Insights.properties }),
  run: async (asking, query) => {
    const { deps, userId, timeZone } = asking;
    const instants = Object.fromEntries(
      Object.entries(query).map(([name, text]) => {
        const read = readDate(text, timeZone);
        if (read === null) throw invalid({ pointer: `/${name}`, detail: "is no date" });
        return [name, read.at.toISOString()];
      }),
    );
    return {
      now: now(asking),
      ...(await getInsights(deps, { userId, timeZone, weekStart: asking.reader.weekStart }, instants)),
    };
  },
});
