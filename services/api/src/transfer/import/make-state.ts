import { parseBefore, remindAt } from "@carillon/calendar/reminder";
import { parseInstant } from "@carillon/calendar/zone";
import { NewTask, type TaskTag } from "@carillon/contracts/http/tasks";
import { explain } from "@carillon/kit/http";
import { invalid, Problem } from "@carillon/kit/service";
import type { Change } from "../../change/change.ts";
import {
  emptyRow,
  type FieldPlan,
  type NewState,
  newFields,
  planFields,
  type ReminderRow,
  type ReminderTurn,
  reconcile,
  seatedInZone,
  type TaskRow,
  type TaskState,
  type WantedReminder,
} from "../../tasks/index.ts";
import type { ImportItem, OwnItem } from "./item.ts";
import type { Names } from "./name-tasks.ts";

/** What a task of a file needs besides itself. */
export type Around = { change: Change; names: Names; tagsOf: (names: readonly string[]) => TaskTag[] };

/** The task as it will be here, without what is there already. @throws Problem 422 naming each field that does not fit. */
export function makeState(item: ImportItem, before: TaskState | null, around: Around): NewState {
  const { change, names, tagsOf } = around;
  const id = names.idOf(item);
  const body = checked(item);
  const sentZone = item.own?.series ? (body.time_zone ?? change.timeZone) : change.timeZone;
  const zone = item.own && body.time_zone ? body.time_zone : sentZone;
  const plan = planFields(change, id, placeIn(item, { id, before, around }), newFields(body, zone));
  const tags = tagsOf(plan.fields.tagNames);
  const row = rowOf(item, plan, { before, tags, around });
  const list = item.own?.reminders;
  if (list) checkReminders(list);
  const made = list && before === null ? exact(list, row, change) : wanted({ item, plan, before, row }, change);
  return seated(
    withEnds({ state: { row, tags, reminders: made.reminders }, turns: made.turns }, before, change),
    before,
    change,
  );
}

const unreadable = "must be an RFC 3339 instant with offset, 1970–2199, such as 2026-11-27T17:00:00+01:00";

function checked({ body, completedAt, createdAt, own }: ImportItem): NewTask {
  const dates: [string, string | null | undefined][] = [
    ["/completed_at", completedAt],
    ["/created_at", createdAt],
    ["/updated_at", own?.updatedAt],
    ["/deleted_at", own?.deletedAt],
  ];
  const errors = [
    ...explain(NewTask, body),
    ...dates.filter(([, text]) => text && !parseInstant(text)).map(([pointer]) => ({ pointer, detail: unreadable })),
  ];
  if (errors.length > 0) throw invalid(...errors);
  // Sound: just checked.
  return body as NewTask;
}

type Made = { id: string; before: TaskState | null; around: Around };

/** The task's place in its series as the file has it; where it has none, the place it has here. */
function placeIn(item: ImportItem, { id, before, around: { change, names } }: Made): TaskState | null {
  const { own, body } = item;
  const start = own?.series?.start ? parseInstant(own.series.start) : null;
  const at = own?.series?.occurrence_at ? parseInstant(own.series.occurrence_at) : null;
  if (!own?.series || !start || !at) return before;
  const row: TaskRow = {
    ...emptyRow({ userId: change.userId, id, now: change.now, timeZone: String(body.time_zone) }),
    recurring_pattern: String(body.recurring_pattern),
    recurrence_anchor: body.recurrence_anchor === "completion" ? "completion" : "due_date",
    all_day: body.all_day === true,
    series_id: own.seriesId === null ? id : names.idOfOwn(own.seriesId, item),
    series_start: start,
    occurrence_at: at,
    excluded_dates: own.series.excluded_dates.flatMap((date) => parseInstant(date) ?? []),
    series_ordinal: own.series.ordinal,
  };
  return { row, tags: [], reminders: [] };
}

type Into = { before: TaskState | null; tags: TaskTag[]; around: Around };

function rowOf(item: ImportItem, { id, fields, series }: FieldPlan, { before, tags, around }: Into): TaskRow {
  const { change, names } = around;
  const { own } = item;
  const base = before?.row ?? emptyRow({ ...change, id });
  const past = (text: string | null | undefined): Date | null => {
    const at = text ? parseInstant(text) : null;
    return at && at > change.now ? change.now : at;
  };
  const completed_at = past(item.completedAt);
  return {
    ...base,
    title: fields.title,
    description: fields.description,
    priority: fields.priority,
    due_at: fields.dueAt,
    time_zone: fields.timeZone,
    all_day: fields.allDay,
    tag_ids: tags.map((tag) => tag.id),
    ...series,
    parent_task_id: own?.parentId ? names.idOfOwn(own.parentId, item) : base.parent_task_id,
    succession: series.rrule === null ? null : successionOf(own, before, completed_at),
    completed_at,
    created_at: before ? base.created_at : (past(item.createdAt) ?? change.now),
    updated_at: before ? base.updated_at : (past(own?.updatedAt) ?? change.now),
    deleted_at: past(own?.deletedAt),
  };
}

/** As the file says; a table says nothing of it, and what it completes is followed as any completion. */
function successionOf(
  own: OwnItem | undefined,
  before: TaskState | null,
  completed: Date | null,
): TaskRow["succession"] {
  if (own?.series) return own.series.succession;
  const known = before?.row.succession ?? null;
  if (known === "made" || !before) return known;
  if (completed === null) return null;
  return before.row.completed_at ? known : "open";
}

type Reminders = { reminders: ReminderRow[]; turns: ReminderTurn[] };

function checkReminders(list: NonNullable<OwnItem["reminders"]>): void {
  const errors = list.flatMap(({ before }, at) =>
    before !== null && parseBefore(before) === null
      ? [{ pointer: `/reminders/${at}/before`, detail: "must be like 15m, 1h, 1d or 1w" }]
      : [],
  );
  if (list.length > mostExact) errors.push({ pointer: "/reminders", detail: `must have at most ${mostExact} entries` });
  if (errors.length > 0) throw invalid(...errors);
}

/** The reminders as they were, with what became of each; only what is ahead still rings. */
function exact(list: NonNullable<OwnItem["reminders"]>, row: TaskRow, { newId }: Change): Reminders {
  const moment = row.due_at && { dueAt: row.due_at, timeZone: row.time_zone, allDay: row.all_day };
  const reminders = list.map((one, position): ReminderRow => {
    const before = one.before === null ? null : parseBefore(one.before);
    const said = one.remind_at === null ? null : parseInstant(one.remind_at);
    const at = one.state === "pending" && before && moment ? remindAt(before, moment) : said;
    return {
      id: newId(),
      position,
      before: one.before,
      remind_at: at,
      state: one.state,
      reason: one.reason,
      sent_at: one.sent_at === null ? null : parseInstant(one.sent_at),
      generation: 1,
      is_snooze: one.is_snooze,
    };
  });
  return { reminders, turns: [] };
}

/** A task's twenty, and what a snooze adds. */
const mostExact = 21;

type Ringing = { item: ImportItem; plan: FieldPlan; before: TaskState | null; row: TaskRow };

/** The reminders that the file asks for; what is here already keeps its state. */
function wanted({ item, plan, before, row }: Ringing, change: Change): Reminders {
  const moment = { dueAt: row.due_at, timeZone: row.time_zone, allDay: row.all_day };
  const base = before ?? { row, tags: [], reminders: [] };
  const completed = { ...base, row: { ...base.row, completed_at: row.completed_at } };
  return reconcile(completed, item.own?.reminders?.flatMap(wishOf) ?? plan.fields.reminders, moment, change);
}

function wishOf({ before, remind_at }: NonNullable<OwnItem["reminders"]>[number]): WantedReminder[] {
  const at = remind_at === null ? null : parseInstant(remind_at);
  const pointer = "/reminders";
  return before !== null ? [{ before, pointer }] : at ? [{ at, pointer }] : [];
}

/** What ends reminders, ends those of the file: a completion, the trash, and their instant being past. */
function withEnds({ state, turns }: NewState, before: TaskState | null, { now }: Change): NewState {
  const { row } = state;
  const reason = row.deleted_at ? "deleted" : row.completed_at ? "completed" : null;
  const more: ReminderTurn[] = [];
  const reminders = state.reminders.map((one): ReminderRow => {
    if (one.state !== "pending") return one;
    const isOver = one.remind_at === null || one.remind_at < now;
    if (reason === null && !isOver) return one;
    const ended: ReminderRow =
      reason === null ? { ...one, state: "missed", reason: "too_late" } : { ...one, state: "cancelled", reason };
    const known = before?.reminders.find(({ id }) => id === one.id) ?? null;
    if (known) more.push({ type: "reminder.cancelled", before: known, after: ended });
    return ended;
  });
  const changed = new Set(reminders.filter((one, at) => one !== state.reminders[at]).map(({ id }) => id));
  const kept = turns.filter(({ after }) => after === null || !changed.has(after.id));
  return { state: { ...state, reminders }, turns: [...kept, ...more] };
}

/** Open whole days float with the user. A new task's reminders are announced as they are in the end. */
function seated({ state, turns }: NewState, before: TaskState | null, change: Change): NewState {
  const moved = state.row.completed_at ? null : seatedInZone(state, change.timeZone);
  const after = moved?.after ?? state;
  if (before) return { state: after, turns: [...turns, ...(moved?.turns ?? [])] };
  const announced = after.reminders.map((one): ReminderRow => ({ ...one, generation: 1 }));
  const said = announced.flatMap((one): ReminderTurn[] => {
    if (one.state === "pending") return [{ type: "reminder.scheduled", before: null, after: one }];
    return one.reason === "too_late" && one.state === "missed"
      ? [{ type: "reminder.missed", before: null, after: one }]
      : [];
  });
  return { state: { ...after, reminders: announced }, turns: said };
}

/** The faults of a refusal; anything else is a failure of ours and thrown on. */
export function faultsOf(error: unknown): { pointer: string; detail: string }[] {
  if (error instanceof Problem && error.code === "invalid" && error.errors) return error.errors;
  throw error;
}
