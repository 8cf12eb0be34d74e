import type { DayParts } from "@carillon/contracts/http/quick-add";
import type { Visit } from "../door/visit.ts";
import { type FieldErrors, SelectField, TextField } from "../ui/field.tsx";
import { Html } from "../ui/html.ts";
import { FormEnd, FormError } from "./form-parts.tsx";
import { Section } from "./section.tsx";

/** What was typed into the form that came back. */
export type WritingValues = {
  language: string;
  hour_cycle: string;
  date_order: string;
  week_start: string;
} & DayParts;

const languages = [
  { value: "", label: "As this browser prefers" },
  { value: "en", label: "English" },
  { value: "de", label: "Deutsch" },
];
const hourCycles = [
  { value: "h23", label: "24 hours (17:00)" },
  { value: "h12", label: "12 hours (5:00 PM)" },
];
const dateOrders = [
  { value: "dmy", label: "Day first (4 December)" },
  { value: "mdy", label: "Month first (December 4)" },
];
const weekStarts = [
  { value: "monday", label: "Monday" },
  { value: "sunday", label: "Sunday" },
  { value: "saturday", label: "Saturday" },
];
const parts = [
  { name: "morning", label: "Morning" },
  { name: "afternoon", label: "Afternoon" },
  { name: "evening", label: "Evening" },
  { name: "night", label: "Tonight" },
] as const;

/** How times and dates are written for the user, and how the user's own words are read. */
export const WritingSection = ({
  visit: { user },
  typed,
  errors,
}: {
  visit: Visit;
  typed: WritingValues | undefined;
  errors: FieldErrors;
}) => (
  <Section
    id="writing"
    title="Times and words"
    lead="How times and dates are written on pages, in mails and in chat, and how what you write is read."
  >
    <form class="form" method="post" action="/settings/writing">
      <FormError errors={errors} />
      <SelectField
        name="hour_cycle"
        label="Times"
        value={typed?.hour_cycle ?? user.hour_cycle}
        choices={hourCycles}
        error={errors.hour_cycle}
        hint="A field for a time is drawn by your browser, in its own way."
      />
      <SelectField
        name="date_order"
        label="Dates"
        value={typed?.date_order ?? user.date_order}
        choices={dateOrders}
        error={errors.date_order}
        hint="“3/4” in what you write is read in this order, too."
      />
      <SelectField
        name="week_start"
        label="A week begins on"
        value={typed?.week_start ?? user.week_start}
        choices={weekStarts}
        error={errors.week_start}
        hint="Decides what “next Friday” is, and how months are laid out."
      />
      <SelectField
        name="language"
        label="Language"
        value={typed?.language ?? user.language ?? ""}
        choices={languages}
        error={errors.language}
        hint="Of the words you type. The pages themselves are in English."
      />
      <PartsOfDay user={user} typed={typed} errors={errors} />
      <FormEnd label="Save" />
    </form>
  </Section>
);

type PartsProps = { user: Visit["user"]; typed: WritingValues | undefined; errors: FieldErrors };

const PartsOfDay = ({ user, typed, errors }: PartsProps) => (
  <fieldset class="choices">
    <legend>Parts of the day</legend>
    <div class="day-parts">
      {parts.map(({ name, label }) => (
        <TextField
          name={name}
          label={label}
          type="time"
          value={typed?.[name] ?? user.day_parts[name]}
          error={errors[name]}
          required
        />
      ))}
    </div>
  </fieldset>
);
