import { isTimeZone } from "@carillon/calendar/zone";
import { type Language, languages } from "@carillon/contracts/http/quick-add";
import type { NewTask, ReminderInput } from "@carillon/contracts/http/tasks";
import { explain } from "@carillon/kit/http";
import { invalid } from "@carillon/kit/service";
import { parse } from "@carillon/quick-add";
import type { Static, TObject } from "@sinclair/typebox";
import { readDate } from "./local-time.ts";
import type { Asking } from "./tool.ts";

type Dated = {
  due_date?: string | null;
  all_day?: boolean | null;
  time_zone?: string | null;
  recurrence_ends_at?: string | null;
  reminders?: ReminderInput[] | null;
};

/** The same fields with instants where a model wrote local dates; what is absent stays absent. @throws Problem 422 at what is no date. */
export function withInstants<Fields extends Dated>(fields: Fields, zone: string): Fields {
  const timeZone = fields.time_zone ?? zone;
  if (!isTimeZone(timeZone)) return fields;
  const instant = (text: string, pointer: string) => {
    const read = readDate(text, timeZone);
    if (read === null) throw invalid({ pointer, detail: "is no date; write it as 2026-12-04 or 2026-12-04T17:00" });
    return read;
  };
  const changed: Dated = {};
  if (typeof fields.due_date === "string") {
    const { at, allDay } = instant(fields.due_date, "/due_date");
    changed.due_date = at.toISOString();
    if (allDay !== null && fields.all_day === undefined) changed.all_day = allDay;
  }
  if (typeof fields.recurrence_ends_at === "string")
    changed.recurrence_ends_at = instant(fields.recurrence_ends_at, "/recurrence_ends_at").at.toISOString();
  if (fields.reminders)
    changed.reminders = fields.reminders.map((reminder, index) =>
      "at" in reminder ? { at: instant(reminder.at, `/reminders/${index}/at`).at.toISOString() } : reminder,
    );
  return { ...fields, ...changed };
}

/** The value, if it is what the API's own verb takes. @throws Problem 422 with pointers. */
export function fitting<Schema extends TObject>(schema: Schema, value: unknown): Static<Schema> {
  const errors = explain(schema, value);
  if (errors.length > 0) throw invalid(...errors);
  // Sound: just checked against the schema.
  return value as Static<Schema>;
}

export type Understood = { fields: Partial<NewTask>; notes: string[]; language: Language };

/** The meaning of a line as a task, and what stayed in its title on purpose. What says no date in the user's language is tried in the other. */
export function understood({ deps, reader }: Asking, text: string): Understood {
  const now = deps.clock.now();
  const read = (language: Language) => ({ language, parsed: parse(text, { ...reader, language, now }) });
  const own = read(reader.language);
  const hasDate = own.parsed.due_date !== undefined || own.parsed.reasons.length > 0;
  const others = hasDate ? [] : languages.filter((language) => language !== reader.language).map(read);
  const { language, parsed } = others.find((other) => other.parsed.due_date !== undefined) ?? own;
  const { pieces, reasons, preview, due_date, ...rest } = parsed;
  const notes = [
    ...pieces.flatMap(({ text: words, note }) => (note === null ? [] : [`“${words}”: ${note}`])),
    ...reasons.map(({ detail }) => detail),
  ];
  return { fields: { ...rest, ...(due_date == null ? {} : { due_date }) }, notes, language };
}

/** A date that words alone name. @throws Problem 422 where they say nothing, or more than a date. */
export function dateInWords(asking: Asking, words: string): { at: string; allDay: boolean } {
  const { fields } = understood(asking, words);
  const { title, due_date, all_day, recurring_pattern } = fields;
  if (due_date == null || title !== "" || recurring_pattern !== undefined)
    throw invalid({
      pointer: "/to",
      detail: "is not understood as one date; say e.g. monday, tomorrow at 9, in 3 days",
    });
  return { at: due_date, allDay: all_day ?? false };
}
