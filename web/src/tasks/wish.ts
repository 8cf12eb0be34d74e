import type { Task, TaskPatch } from "@carillon/contracts/http/tasks";
import { Problem } from "@carillon/kit/service";
import { field } from "../door/form.ts";
import type { Visit } from "../door/visit.ts";
import { dayName, dueText, inSentence, instantOf, localMoment } from "../time.ts";
import { dayChosen } from "./date-choices.tsx";
import { parseLine } from "./understand-line.tsx";

export const wrongDate = "Write a date such as “friday”, “in 3 days” or “24 dec 18:00”.";

/** What a form asks a date to become; null when it cannot be understood. */
export type Wish =
  | { kind: "none" }
  | { kind: "day"; day: string; time: string | null }
  | { kind: "exact"; due: string; allDay: boolean };

/** The wish of a posted form, or of an address that takes a date back. */
export async function wishOf(visit: Visit): Promise<Wish | null> {
  const due = visit.url.searchParams.get("due");
  if (due === "none") return { kind: "none" };
  if (due !== null) return { kind: "exact", due, allDay: visit.url.searchParams.has("all_day") };
  const to = field(visit.form, "to");
  if (to === "none") return { kind: "none" };
  const time = field(visit.form, "time") || null;
  const day = dayChosen(to, visit);
  if (day !== null) return { kind: "day", day, time };
  const words = field(visit.form, "words").trim();
  const parsed = words === "" ? null : await parseLine(visit, words);
  if (!parsed || parsed.due_date === undefined) return null;
  if (parsed.due_date === null) return { kind: "none" };
  return { kind: "exact", due: parsed.due_date, allDay: parsed.all_day ?? false };
}

/** A new day keeps the time of day that the task had; a day without one is a whole day. */
export function datePatch(task: Task, wish: Wish, zone: string): TaskPatch {
  if (wish.kind === "none")
    return { due_date: null, all_day: false, ...(task.is_recurring ? { recurring_pattern: null } : {}) };
  if (wish.kind === "exact") return { due_date: wish.due, all_day: wish.allDay };
  const kept = task.due_date !== null && !task.all_day ? localMoment(task.due_date, zone).time : null;
  const time = wish.time ?? kept;
  const due = instantOf({ date: wish.day, time: time ?? "00:00" }, zone);
  if (due === null) throw new Problem("invalid", "That is no date.");
  return { due_date: due, all_day: time === null };
}

/** The wish in the middle of a sentence: "tomorrow", "no date". */
export function wishWords(wish: Wish, { now, user }: Visit): string {
  const zone = user.time_zone;
  if (wish.kind === "none") return "no date";
  if (wish.kind === "day") return inSentence(dayName(wish.day, now, user));
  return inSentence(dueText({ due_date: wish.due, all_day: wish.allDay, time_zone: zone }, now, user));
}
