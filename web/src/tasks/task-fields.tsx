import { type NextDates, NextDatesPart, RepeatFields } from "../repeat/index.ts";
import { timeZoneChoices } from "../time-zones.ts";
import { Checkbox, type FieldErrors, SelectField, TextArea, TextField } from "../ui/field.tsx";
import { Html } from "../ui/html.ts";
import { Icon } from "../ui/icon.tsx";
import { Pill } from "../ui/pill.tsx";
import { priorityChoices, tagSuggestions } from "./quick-add.tsx";
import { fieldLabels, type TaskForm } from "./task-form.ts";

type Props = {
  typed: TaskForm;
  errors: FieldErrors;
  /** The user's; a task of another zone shows its own. */
  ownZone: string;
  /** The meaning of the repetition, and where to refresh it while it is changed. */
  next: NextDates;
  preview: string;
  /** Whether the task has later dates that can move with it. */
  repeats: boolean;
};

/** Every writable field of a task but its reminders, which have a place of their own. */
export const TaskFields = ({ typed, errors, ownZone, next, preview, repeats }: Props) => (
  <>
    <TextField
      name="title"
      label={fieldLabels.title}
      value={typed.title}
      error={errors.title}
      required
      maxlength={500}
    />
    <Description typed={typed} errors={errors} />
    <div class="schedule" {...previewing(preview)}>
      <DueFields typed={typed} errors={errors} />
      {repeats ? <ScopeChoice scope={typed.scope} /> : null}
      <RepeatFields typed={typed} errors={errors} />
    </div>
    <NextDatesPart next={next} />
    <div id="kept-tags">
      <KeptTags names={typed.kept_tags} />
    </div>
    <TextField
      name="tags"
      label={typed.kept_tags.length > 0 ? "Add tags" : fieldLabels.kept_tags}
      value={typed.tags}
      error={errors.tags}
      hint="Separate several with commas. A new name creates a new tag."
      list="tag-options"
      attributes={tagSuggestions("tag-options")}
      optional
    />
    <datalist id="tag-options" />
    <details class="fold" open={typed.time_zone !== ownZone || errors.time_zone !== undefined}>
      <summary>
        <Icon name="chevron" class="chevron" />
        Time zone
      </summary>
      <div class="fold-body">
        <SelectField
          name="time_zone"
          label={fieldLabels.time_zone}
          value={typed.time_zone}
          choices={timeZoneChoices()}
          error={errors.time_zone}
          hint="The due date and its reminders are read on this zone’s clock."
        />
      </div>
    </details>
  </>
);

/** Folded where its text is shown above. */
const Description = ({ typed, errors }: { typed: TaskForm; errors: FieldErrors }) => (
  <details class="fold" open={typed.description === "" || errors.description !== undefined}>
    <summary>
      <Icon name="chevron" class="chevron" />
      Write the description
    </summary>
    <div class="fold-body">
      <TextArea
        name="description"
        label={fieldLabels.description}
        value={typed.description}
        error={errors.description}
        hint="Links, lists (- milk) and ticks (- [ ] bread) are shown as such."
        rows={4}
        maxlength={20_000}
        optional
      />
    </div>
  </details>
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

const scopes = [
  { value: "this", label: "This date only" },
  { value: "following", label: "This and all later dates" },
];

/** Always there while the task repeats: without a script nothing knows that its date was changed. */
const ScopeChoice = ({ scope }: { scope: string }) => (
  <fieldset class="choices">
    <legend>A new date or time is for</legend>
    <div class="pills">
      {scopes.map(({ value, label }) => (
        <Pill type="radio" name="scope" value={value} checked={value === scope}>
          <span safe>{label}</span>
        </Pill>
      ))}
    </div>
  </fieldset>
);

/** The next dates follow while the user types; an incomplete rule is not a failure. */
const previewing = (action: string): Record<string, string> => ({
  "hx-post": action,
  "hx-trigger": "change, input delay:300ms",
  "hx-include": "closest form",
  "hx-target": "#next-dates",
  "hx-swap": "outerHTML",
  "hx-sync": "this:replace",
});

export const KeptTags = ({ names }: { names: string[] }) => {
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
              <span class="pill-text" dir="auto" safe>
                {name}
              </span>
            </span>
          </label>
        ))}
      </div>
      <p class="field-hint">Untick a tag to remove it.</p>
    </fieldset>
  );
};
