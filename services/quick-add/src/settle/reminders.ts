import type { UnderstoodFields } from "@carillon/contracts/http/quick-add";
import type { ReminderInput } from "@carillon/contracts/http/tasks";
import { dayIn, parseBefore, remindAt, wallTimeOf } from "../calendar.ts";
import type { Item } from "../candidates.ts";
import { minutesOn } from "../meaning/time.ts";
import { instantAt, isAhead, type Reference } from "../reference.ts";
import type { Attempt } from "./attempt.ts";
import { isCalled } from "./marks.ts";
import type { Schedule } from "./series.ts";
import { Refusal } from "./verdict.ts";
import { momentOf } from "./when.ts";

const maxReminders = 20;

/** The requested reminders, without past ones. "Remind me" alone rings at the due date. */
export function settleReminders(attempt: Attempt, { due }: Schedule): Partial<Pick<UnderstoodFields, "reminders">> {
  const reminders: ReminderInput[] = [];
  for (const item of attempt.items) {
    const found = isCalled(item) ? [] : remindersOf(attempt, item, due);
    if (found.length === 0) continue;
    attempt.worth.set(item, { value: found[0] ?? null });
    reminders.push(...found);
  }
  const calls = attempt.items.filter(isCalled);
  const atDue: ReminderInput = { before: "0m" };
  const rings = due !== null && ring(due, "0m") >= attempt.reference.now;
  if (calls.length > 0 && reminders.length === 0 && rings) reminders.push(atDue);
  for (const item of calls) {
    if (item.meaning.kind === "reminder") attempt.worth.set(item, { value: rings ? atDue : null });
  }
  const distinct = [...new Map(reminders.map((reminder) => [JSON.stringify(reminder), reminder])).values()];
  return distinct.length === 0 ? {} : { reminders: distinct.slice(0, maxReminders) };
}

type Due = NonNullable<Schedule["due"]>;

const ring = ({ at, allDay, timeZone }: Due, before: string): Date => {
  const parsed = parseBefore(before);
  return parsed === null ? new Date(0) : remindAt(parsed, { dueAt: at, allDay, timeZone });
};

function remindersOf({ reference }: Attempt, item: Item, due: Due | null): ReminderInput[] {
  const { meaning } = item;
  if (meaning.kind !== "reminder") return [];
  const refuse = (kind: "past" | "unsupported"): Refusal => new Refusal({ kind, items: [item], others: [] });
  if (due === null) throw refuse("unsupported");
  if (meaning.befores.some((before) => parseBefore(before) === null)) throw refuse("unsupported");
  // A series rings before its later dates even when the first is too near.
  const isOver = meaning.befores.some((before) => ring(due, before) < reference.now);
  if (isOver && !due.recurs) throw refuse("past");
  const befores = meaning.befores.map((before) => ({ before }));
  if (meaning.day === null && meaning.time === null) return befores;
  if (meaning.back !== null && meaning.time !== null) {
    const found = backFrom(due, meaning.back, minutesOn(meaning.time, reference)[0] ?? allDayMinutes, reference);
    if (found === null) throw refuse("past");
    return [found, ...befores];
  }
  const time = meaning.time ?? { minutes: allDayMinutes, open: false, part: null, until: null };
  const dueDay = dayIn(due.at, reference.timeZone);
  const moment =
    meaning.day === null && isAhead(dueDay, null, reference)
      ? momentOf({ days: () => [dueDay] }, time, reference)
      : momentOf(meaning.day, time, reference);
  if (moment === null) throw refuse("past");
  return [{ at: instantAt(moment.day, moment.minutes, reference.timeZone).toISOString() }];
}

/** A time of day, a number of days back: for a series as an offset, which its later dates keep; null when it is over. */
function backFrom(due: Due, back: number, minutes: number, reference: Reference): ReminderInput | null {
  const { timeZone } = reference;
  const at = instantAt(dayIn(due.at, timeZone) - back, minutes, timeZone);
  if (!due.recurs) return at < reference.now ? null : { at: at.toISOString() };
  const dueMinutes = due.allDay ? allDayMinutes : Math.floor(wallTimeOf(due.at, timeZone).timeMs / 60_000);
  const before = back * 1_440 + dueMinutes - minutes;
  if (before < 0) return null;
  if (before > 0 && before % 1_440 === 0) return { before: `${before / 1_440}d` };
  return { before: before > 0 && before % 60 === 0 ? `${before / 60}h` : `${before}m` };
}

/** Reminders of a whole day count from 09:00. */
const allDayMinutes = 540;
