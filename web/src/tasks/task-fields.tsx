import { timeZoneChoices } from "../time-zones.ts";
import { Checkbox, type FieldErrors, SelectField, TextArea, TextField } from "../ui/field.tsx";
import { Html } from "../ui/html.ts";
import { Icon } from "../ui/icon.tsx";
import { priorityChoices, tagSuggestions } from "./quick-add.tsx";
import { fieldLabels, type TaskForm } from "./task-form.ts";

const anchors = [
  { value: "due_date", label: "The due date" },
  { value: "completion", label: "The day it is completed" },
];

const patterns = ["daily", "weekly", "monthly", "yearly"];

/** Every writable field of a task. `ownZone` is the reader's: a task of another zone says so. */
export const TaskFields = ({ typed, errors, ownZone }: { typed: TaskForm; errors: FieldErrors; ownZone: string }) => (
  <>
    <TextField
      name="title"
      label={fieldLabels.title}
      value={typed.title}
      error={errors.title}
      required
      maxlength={500}
    />
    <TextArea
      name="description"
      label={fieldLabels.description}
      value={typed.description}
      error={errors.description}
      rows={4}
      maxlength={20_000}
      optional
    />
    <DueFields typed={typed} errors={errors} />
    <KeptTags names={typed.kept_tags} />
    <TextField
      name="tags"
      label={typed.kept_tags.length > 0 ? "Add tags" : fieldLabels.kept_tags}
      value={typed.tags}
      error={errors.tags}
      hint="Several with commas. A new name makes a new tag."
      list="tag-options"
      attributes={tagSuggestions("tag-options")}
      optional
    />
    <datalist id="tag-options" />
    <details class="fold" open={folded(typed, errors, ownZone)}>
      <summary>
        <Icon name="chevron" class="chevron" />
        Repetition, reminders and time zone
      </summary>
      <RareFields typed={typed} errors={errors} />
    </details>
  </>
);

const DueFields = ({ typed, errors }: { typed: TaskForm; errors: FieldErrors }) => (
  <>
    <div class="field-row">
      <TextField
        name="due_day"
        type="date"
        label={fieldLabels.due_day}
        value={typed.due_day}
        error={errors.due_day}
        optional
      />
      <TextField
        name="due_time"
        type="time"
        label={fieldLabels.due_time}
        value={typed.due_time}
        {...(typed.due_time.length > 5 ? { step: "1" } : {})}
        error={errors.due_time}
        optional
      />
      <SelectField
        name="priority"
        label={fieldLabels.priority}
        value={typed.priority}
        choices={priorityChoices}
        error={errors.priority}
      />
    </div>
    <Checkbox name="all_day" label={fieldLabels.all_day} checked={typed.all_day} />
  </>
);

/** Repetition and reminders are out of the way until one of them is used. */
function folded(typed: TaskForm, errors: FieldErrors, ownZone: string): boolean {
  const rare = ["recurring_pattern", "recurrence_anchor", "recurrence_ends_day", "reminders", "time_zone"];
  return (
    typed.recurring_pattern !== "" ||
    typed.reminders !== "" ||
    typed.time_zone !== ownZone ||
    rare.some((name) => errors[name])
  );
}

const RareFields = ({ typed, errors }: { typed: TaskForm; errors: FieldErrors }) => (
  <div class="fold-body">
    <TextField
      name="recurring_pattern"
      label={fieldLabels.recurring_pattern}
      value={typed.recurring_pattern}
      error={errors.recurring_pattern}
      hint="daily, weekly, monthly, yearly, or a calendar rule such as FREQ=WEEKLY;BYDAY=MO,TH"
      list="pattern-options"
      maxlength={255}
      optional
    />
    <datalist id="pattern-options">
      {patterns.map((pattern) => (
        <option value={pattern} />
      ))}
    </datalist>
    <div class="field-row">
      <SelectField
        name="recurrence_anchor"
        label={fieldLabels.recurrence_anchor}
        value={typed.recurrence_anchor}
        choices={anchors}
        error={errors.recurrence_anchor}
      />
      <TextField
        name="recurrence_ends_day"
        type="date"
        label={fieldLabels.recurrence_ends_day}
        value={typed.recurrence_ends_day}
        error={errors.recurrence_ends_day}
        optional
      />
    </div>
    <TextField
      name="reminders"
      label={fieldLabels.reminders}
      value={typed.reminders}
      error={errors.reminders}
      hint="Before the due date: 15m, 2h, 1d, 1w. Or a moment: 2026-11-27 09:00. Several with commas."
      optional
    />
    <SelectField
      name="time_zone"
      label={fieldLabels.time_zone}
      value={typed.time_zone}
      choices={timeZoneChoices}
      error={errors.time_zone}
      hint="The due date and its reminders are read on this zone’s clock."
    />
  </div>
);

const KeptTags = ({ names }: { names: string[] }) => {
  if (names.length === 0) return "";
  return (
    <fieldset class="choices">
      <legend>Tags</legend>
      <div class="pills">
        {names.map((name) => (
          <label class="pill">
            <input type="checkbox" name="kept_tags" value={name} checked autocomplete="off" />
            <span class="pill-face pill-kept">
              <Icon name="check" />
              <span class="pill-text" safe>
                {name}
              </span>
            </span>
          </label>
        ))}
      </div>
      <p class="field-hint">Untick a tag to take it off.</p>
    </fieldset>
  );
};
