import type { Children } from "@kitajs/html";
import { FieldError, type FieldErrors, SelectField, TextField } from "../ui/field.tsx";
import { Html } from "../ui/html.ts";
import { Pill } from "../ui/pill.tsx";
import { RuleWrong } from "./next-dates.tsx";
import type { RepeatForm } from "./repeat-form.ts";

const choices = [
  { value: "none", label: "Does not repeat" },
  { value: "daily", label: "Daily" },
  { value: "weekdays", label: "Weekdays" },
  { value: "weekly", label: "Weekly" },
  { value: "monthly", label: "Monthly" },
  { value: "yearly", label: "Yearly" },
  { value: "every", label: "Every …" },
  { value: "rule", label: "Any rule" },
];
const units = ["days", "weeks", "months", "years"].map((unit) => ({ value: unit, label: unit }));
const days = [
  { value: "MO", label: "Mon", name: "Monday" },
  { value: "TU", label: "Tue", name: "Tuesday" },
  { value: "WE", label: "Wed", name: "Wednesday" },
  { value: "TH", label: "Thu", name: "Thursday" },
  { value: "FR", label: "Fri", name: "Friday" },
  { value: "SA", label: "Sat", name: "Saturday" },
  { value: "SU", label: "Sun", name: "Sunday" },
];
const ends = [
  { value: "never", label: "Never" },
  { value: "on", label: "On a day" },
  { value: "after", label: "After a number of times" },
];
const anchors = [
  { value: "due_date", label: "The due date" },
  { value: "completion", label: "The day it is completed" },
];
const examples = [
  { value: "FREQ=MONTHLY;BYDAY=-1FR", label: "the last Friday of the month" },
  { value: "FREQ=MONTHLY;BYDAY=1MO", label: "the first Monday of the month" },
  { value: "FREQ=MONTHLY;BYMONTHDAY=-1", label: "the last day of the month" },
  { value: "FREQ=MONTHLY;BYDAY=MO,TU,WE,TH,FR;BYSETPOS=-1", label: "the last working day of the month" },
  { value: "FREQ=YEARLY;BYMONTH=1,4,7,10;BYMONTHDAY=15", label: "the 15th of each quarter’s first month" },
];

/**
 * The repetition: a simple choice, and under it only what that choice needs. The style sheet shows the
 * parts of the ticked choice, so that it works without a script.
 */
export const RepeatFields = ({ typed, errors }: { typed: RepeatForm; errors: FieldErrors }) => (
  <fieldset class="choices repeat">
    <legend>Repeats</legend>
    <div class="pills" id="repeat">
      {choices.map(({ value, label }) => (
        <Pill type="radio" name="repeat" value={value} checked={typed.repeat === value}>
          <span safe>{label}</span>
        </Pill>
      ))}
    </div>
    <FieldError id="repeat" error={errors.repeat} />
    <div class="repeat-parts">
      <EveryFields typed={typed} errors={errors} />
      <Weekdays ticked={typed.weekdays} />
      <div class="repeat-rule">
        <TextField
          name="recurring_pattern"
          label="Rule"
          value={typed.recurring_pattern}
          hint="A calendar rule (RFC 5545), such as FREQ=MONTHLY;BYDAY=-1FR for the last Friday of each month."
          list="rule-examples"
          maxlength={255}
          attributes={{
            spellcheck: "false",
            autocapitalize: "characters",
            "aria-describedby": "recurring_pattern-hint rule-wrong",
            "aria-invalid": errors.recurring_pattern ? "true" : undefined,
          }}
        />
        <RuleWrong error={errors.recurring_pattern} />
        <datalist id="rule-examples">
          {examples.map(({ value, label }) => (
            <option value={value} safe>
              {label}
            </option>
          ))}
        </datalist>
      </div>
      <EndFields typed={typed} errors={errors} />
    </div>
  </fieldset>
);

const EveryFields = ({ typed, errors }: { typed: RepeatForm; errors: FieldErrors }) => (
  <div class="repeat-every">
    <TextField
      name="every"
      label="Every"
      value={typed.every}
      error={errors.every}
      maxlength={3}
      attributes={{ inputmode: "numeric" }}
    />
    <SelectField name="unit" label="Unit" value={typed.unit} choices={units} />
  </div>
);

const Weekdays = ({ ticked }: { ticked: string[] }) => (
  <fieldset class="choices repeat-days">
    <legend>On</legend>
    <div class="pills">
      {days.map(({ value, label, name }) => (
        <Pill type="checkbox" name="weekdays" value={value} checked={ticked.includes(value)}>
          <span aria-hidden="true" safe>
            {label}
          </span>
          <span class="sr-only" safe>
            {name}
          </span>
        </Pill>
      ))}
    </div>
    <p class="field-hint">None ticked: the weekday of the due date.</p>
  </fieldset>
);

const EndFields = ({ typed, errors }: { typed: RepeatForm; errors: FieldErrors }) => (
  <div class="repeat-end field-row">
    <SelectField name="ends" label="Ends" value={typed.ends} choices={ends} />
    <Part name="repeat-on">
      <TextField
        name="recurrence_ends_day"
        type="date"
        label="Last day"
        value={typed.recurrence_ends_day}
        error={errors.recurrence_ends_day}
      />
    </Part>
    <Part name="repeat-after">
      <TextField
        name="times"
        label="Times, including this one"
        value={typed.times}
        error={errors.times}
        maxlength={4}
        attributes={{ inputmode: "numeric" }}
      />
    </Part>
    <SelectField
      name="recurrence_anchor"
      label="Counted from"
      value={typed.recurrence_anchor}
      choices={anchors}
      error={errors.recurrence_anchor}
    />
  </div>
);

const Part = ({ name, children }: { name: string; children?: Children }) => <div class={name}>{children}</div>;
