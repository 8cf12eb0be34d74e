import type { RecurrencePreview } from "@carillon/contracts/http/recurrence";
import { Problem } from "@carillon/kit/service";
import type { Children } from "@kitajs/html";
import type { UserApi } from "../api.ts";
import { dayName, dayOf, instantOf, localMoment, type Reader, ruleText, timeText } from "../time.ts";
import type { FieldErrors } from "../ui/field.tsx";
import { fieldErrors } from "../ui/field-errors.ts";
import { Html } from "../ui/html.ts";
import { Icon } from "../ui/icon.tsx";
import { lastDayOf, patternOf, type RepeatForm } from "./repeat-form.ts";

/**
 * The meaning of a form's repetition, in words and dates; or what is wrong with it, by field; null
 * without a repetition.
 */
export type NextDates =
  | { text: string; lead: string; dates: { date: string; words: string; note: string }[]; ends: boolean }
  | { errors: FieldErrors }
  | null;

type Asked = {
  form: RepeatForm & { due_day: string; due_time: string; time_zone: string };
  /**
   * The position of a series that this form leaves as it is: another due date moves only this one; null
   * if it restarts.
   */
  kept: { dueAt: string; counted: boolean; text: string; moved: boolean } | null;
  now: Date;
  reader: Reader;
};

const shown = 5;
const places = {
  recurring_pattern: { field: "recurring_pattern", label: "The repetition" },
  due_date: { field: "due_day", label: "The due date" },
  time_zone: { field: "time_zone", label: "The time zone" },
};

/** Asks api, whose answer comes from the engine that dates the tasks. Errors of the rule are shown at the rule. */
export async function nextDates(api: UserApi, asked: Asked): Promise<NextDates> {
  const { form, kept } = asked;
  const result = patternOf(form, form.due_day);
  if ("errors" in result) return { errors: result.errors };
  if (result.pattern === null) return null;
  // Only api knows the position of such a series: its COUNT counts from the first task.
  if (kept?.counted) return { text: ruleText(kept.text, asked.reader), lead: countedLead, dates: [], ends: false };
  const time = form.due_time || "00:00";
  const due = form.due_day ? instantOf({ date: form.due_day, time }, form.time_zone) : null;
  if (form.due_day && due === null)
    return { errors: { due_day: "Enter the date as 2026-11-27 and the time as 14:30." } };
  const from = kept?.dueAt ?? due ?? dayOf(asked.now, form.time_zone).start;
  try {
    const preview = await api.previewRecurrence({
      recurring_pattern: result.pattern,
      due_date: from,
      time_zone: form.time_zone,
      anchor: form.recurrence_anchor === "completion" ? "completion" : "due_date",
      count: shown,
    });
    return { text: ruleText(preview.text, asked.reader), lead: leadOf(asked), ...datesOf(preview, asked) };
  } catch (error) {
    if (error instanceof Problem && error.code === "invalid")
      return { errors: atItsPlace(fieldErrors(error, places), form.repeat) };
    throw error;
  }
}

const countedLead = "The count continues from the first task of the series.";

function leadOf({ form, kept }: Asked): string {
  const then = form.recurrence_anchor === "completion" ? "If each is completed on its day:" : "Next:";
  if (kept?.moved) return `Only this date moves; the series stays as it is. ${then}`;
  return form.due_day ? then : `It starts on the first matching date from today. ${then}`;
}

/** The dates up to the last day, by the zone's clock and the user's calendar. */
function datesOf({ occurrences }: RecurrencePreview, { form, now, reader }: Asked) {
  const allDay = form.due_time === "";
  const last = lastDayOf(form);
  const dates = occurrences
    .map(({ due_date: date, note = "" }) => {
      const local = localMoment(date, allDay ? form.time_zone : reader.time_zone);
      const inZone = localMoment(date, form.time_zone);
      const words = dayName(local.date, now, reader) + (allDay ? "" : `, ${timeText(local, reader)}`);
      return { date, words, note, day: inZone.date };
    })
    .filter(({ day }) => last === "" || day <= last);
  return { dates, ends: dates.length < shown };
}

/** Faults of a rule are shown at the rule, or at the simple choice that produced it. */
export function atItsPlace(errors: FieldErrors, repeat: string): FieldErrors {
  const { recurring_pattern: message, ...others } = errors;
  if (!message || repeat === "rule") return errors;
  return { ...others, repeat: message };
}

/** The line under the repetition, read out when it changes. On a whole page faults are already shown at their field. */
export const NextDatesPart = ({ next, children }: { next: NextDates; children?: Children }) => (
  <div id="next-dates" class="next-dates" aria-live="polite">
    {next === null || "errors" in next ? children : <Dates next={next} />}
  </div>
);

/** The same while the user types: with the present faults, those of the rule at the rule. */
export const NextDatesAnswer = ({ next }: { next: NextDates }) => {
  const { recurring_pattern: atRule = "", ...others } = next !== null && "errors" in next ? next.errors : {};
  return (
    <>
      <NextDatesPart next={next}>
        {Object.values(others).map((message) => (
          <p class="field-error" safe>
            {message ?? ""}
          </p>
        ))}
      </NextDatesPart>
      <hx-partial hx-target="#rule-wrong" hx-swap="outerHTML">
        <RuleWrong error={atRule} />
      </hx-partial>
    </>
  );
};

export const RuleWrong = ({ error }: { error: string | undefined }) => (
  <p id="rule-wrong" class="field-error" aria-live="polite" safe>
    {error ?? ""}
  </p>
);

const Dates = ({ next }: { next: Extract<NextDates, { text: string }> }) => (
  <>
    <p class="next-text">
      <Icon name="repeat" />
      <span safe>{`Repeats ${next.text}.`}</span>
    </p>
    <p class="next-lead" safe>
      {next.dates.length === 0 && next.ends ? "No date comes after this one." : next.lead}
    </p>
    {next.dates.length > 0 ? (
      <ol class="next-list">
        {next.dates.map(({ date, words, note }) => (
          <li>
            <time datetime={date} safe>
              {words}
            </time>
            {note ? (
              <span class="next-note" safe>
                {note}
              </span>
            ) : null}
          </li>
        ))}
        {next.ends ? <li class="next-end">Then it ends.</li> : null}
      </ol>
    ) : null}
  </>
);
