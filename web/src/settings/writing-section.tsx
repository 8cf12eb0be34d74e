import type { DayParts } from "@carillon/contracts/http/quick-add";
import type { Visit } from "../door/visit.ts";
import { type FieldErrors, SelectField, TextField } from "../ui/field.tsx";
import { Html } from "../ui/html.ts";
import { FormEnd, FormError } from "./form-parts.tsx";
import { Section } from "./section.tsx";

/** What was typed into the form that came back. */
export type WritingValues = { language: string; date_order: string; week_start: string } & DayParts;

const languages = [
  { value: "", label: "As this browser prefers" },
  { value: "en", label: "English" },
  { value: "de", label: "Deutsch" },
];
const dateOrders = [
  { value: "dmy", label: "3 April (day first)" },
  { value: "mdy", label: "March 4 (month first)" },
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

/** How quick add, chat and assistants read the user's words. */
export const WritingSection = ({
  visit: { user },
  typed,
  errors,
}: {
  visit: Visit;
  typed: WritingValues | undefined;
  errors: FieldErrors;
}) => (
  <Section id="writing" title="Words" lead="How quick add, chat and assistants read what you write.">
    <form class="form" method="post" action="/settings/writing">
      <FormError errors={errors} />
      <SelectField
        name="language"
        label="Language"
        value={typed?.language ?? user.language ?? ""}
        choices={languages}
        error={errors.language}
        hint="Of the words you type. The pages themselves are in English."
      />
      <SelectField
        name="date_order"
        label="“3/4” means"
        value={typed?.date_order ?? user.date_order}
        choices={dateOrders}
        error={errors.date_order}
      />
      <SelectField
        name="week_start"
        label="A week begins on"
        value={typed?.week_start ?? user.week_start}
        choices={weekStarts}
        error={errors.week_start}
        hint="Decides what “next Friday” is, and how months are laid out."
      />
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
      <FormEnd label="Save" />
    </form>
  </Section>
);
