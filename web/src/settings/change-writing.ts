import {
  type DayParts,
  dateOrders,
  hourCycles,
  languages,
  usualDayParts,
  weekStarts,
} from "@carillon/contracts/http/quick-add";
import { field } from "../door/form.ts";
import { seeOtherWith, type Visit } from "../door/visit.ts";
import { refusal } from "./change-settings.ts";
import { settingsPage } from "./settings-page.tsx";

/** `POST /settings/writing`: times and dates, first day of the week, language, and parts of the day. */
export async function updateWriting(visit: Visit): Promise<Response> {
  const partNames = Object.keys(usualDayParts) as (keyof DayParts)[];
  // Some browsers send a time with its seconds.
  const day_parts = Object.fromEntries(
    partNames.map((name) => [name, field(visit.form, name).slice(0, 5)]),
  ) as DayParts;
  const typed = {
    language: field(visit.form, "language"),
    hour_cycle: field(visit.form, "hour_cycle"),
    date_order: field(visit.form, "date_order"),
    week_start: field(visit.form, "week_start"),
  };
  const places = Object.fromEntries(
    ["language", "hour_cycle", "date_order", "week_start"].map((name) => [name, { field: name, label: "This" }]),
  );
  try {
    await visit.api.updateMe({
      language: oneOf(languages, typed.language),
      hour_cycle: oneOf(hourCycles, typed.hour_cycle),
      date_order: oneOf(dateOrders, typed.date_order),
      week_start: oneOf(weekStarts, typed.week_start),
      day_parts,
    });
    return seeOtherWith("/settings#writing", { text: "Saved." }, visit);
  } catch (error) {
    const errors = refusal(error, {
      ...places,
      day_parts: { field: "morning", label: "A part of the day", each: "A part of the day" },
    });
    return settingsPage(visit, { returned: { section: "writing", writing: { ...typed, ...day_parts }, errors } });
  }
}

/** The choice, or null for one that is none: the usual one then. */
const oneOf = <Value extends string>(values: readonly Value[], text: string): Value | null =>
  values.find((value) => value === text) ?? null;
