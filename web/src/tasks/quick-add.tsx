import type { NewTask, Priority } from "@carillon/contracts/http/tasks";
import { priorities } from "@carillon/contracts/http/tasks";
import type { Children } from "@kitajs/html";
import { field } from "../door/form.ts";
import { dayOf, instantOf } from "../time.ts";
import { priorityLabels } from "../ui/badges.tsx";
import { ErrorSummary, FieldError, type FieldErrors, Select } from "../ui/field.tsx";
import { Html } from "../ui/html.ts";
import { Icon } from "../ui/icon.tsx";

/** What somebody typed into the quick-add form, exactly. */
export type QuickTask = { title: string; date: string; time: string; priority: string; tags: string };

export type QuickAddState = { values: QuickTask; errors: FieldErrors };

export const emptyQuickTask = (date: string): QuickTask => ({
  title: "",
  date,
  time: "",
  priority: "medium",
  tags: "",
});

export const readQuickTask = (form: URLSearchParams): QuickTask => ({
  title: field(form, "title"),
  date: field(form, "date"),
  time: field(form, "time"),
  priority: field(form, "priority") || "medium",
  tags: field(form, "tags"),
});

/** api's body for it; a day without a time is an all-day task, a time without a day is today's. */
export function newTaskOf(
  quick: QuickTask,
  { now, zone }: { now: Date; zone: string },
): NewTask | { errors: FieldErrors } {
  const date = quick.date || (quick.time ? dayOf(now, zone).date : "");
  const due = date ? instantOf({ date, time: quick.time || "00:00" }, zone) : null;
  if (date && due === null) return { errors: { "new-date": "Write the date as 2026-11-27 and the time as 14:30." } };
  return {
    title: quick.title.trim(),
    priority: priorities.find((level) => level === quick.priority) ?? "medium",
    tags: splitTags(quick.tags),
    ...(due ? { due_date: due, all_day: quick.time === "", time_zone: zone } : {}),
  };
}

/** Names from a comma list, in order, each once without regard to case. */
export function splitTags(text: string): string[] {
  const names = new Map<string, string>();
  for (const name of text.split(",").map((part) => part.trim()))
    if (name && !names.has(name.toLowerCase())) names.set(name.toLowerCase(), name);
  return [...names.values()];
}

/** api's field → this form's field and what it is called. */
export const quickAddFields = {
  title: { field: "new-title", label: "The title" },
  due_date: { field: "new-date", label: "The date" },
  priority: { field: "new-priority", label: "The priority" },
  tags: { field: "new-tags", label: "The list of tags", each: "Each tag" },
};

const labels = { "new-title": "Title", "new-date": "Date", "new-priority": "Priority", "new-tags": "Tags" };

export const priorityChoices = (priorities as readonly Priority[]).map((level) => ({
  value: level,
  label: `${priorityLabels[level]} priority`,
}));

/** One line to write a task on, and what may go with it. The key makes a second press of "Add" the same task. */
export const QuickAdd = ({
  state,
  back,
  idempotencyKey,
}: {
  state: QuickAddState;
  back: string;
  idempotencyKey: string;
}) => {
  const { values, errors } = state;
  const hasErrors = Object.keys(errors).length > 0;
  const wrong = (id: string) => ({
    id,
    "aria-invalid": errors[id] ? "true" : undefined,
    "aria-describedby": errors[id] ? `${id}-error` : undefined,
  });
  return (
    <form
      class="quick-add"
      method="post"
      action="/tasks"
      aria-label="Add a task"
      hx-post="/tasks"
      hx-target="#main"
      hx-swap="innerHTML"
      hx-sync="this:drop"
    >
      <input type="hidden" name="key" value={idempotencyKey} autocomplete="off" />
      <input type="hidden" name="back" value={back} autocomplete="off" />
      {hasErrors ? <ErrorSummary errors={errors} labels={labels} /> : null}
      <div class="quick-line">
        <Icon name="plus" />
        <label class="sr-only" for="new-title">
          New task
        </label>
        <input
          class="quick-title"
          name="title"
          value={values.title}
          placeholder="Add a task"
          required
          maxlength={500}
          autocomplete="off"
          enterkeyhint="done"
          data-key="n"
          {...wrong("new-title")}
        />
        <button type="submit" class="button button-primary">
          Add
        </button>
      </div>
      <details class="quick-more" open={hasErrors}>
        <summary class="quick-summary">
          <Icon name="chevron" class="chevron" />
          Date, priority and tags
        </summary>
        <div class="quick-fields">
          <Labelled id="new-date" label="Due date">
            <input
              class="input"
              type="date"
              name="date"
              value={values.date}
              autocomplete="off"
              {...wrong("new-date")}
            />
          </Labelled>
          <Labelled id="new-time" label="Time">
            <input
              class="input"
              type="time"
              name="time"
              value={values.time}
              autocomplete="off"
              {...wrong("new-time")}
            />
          </Labelled>
          <Labelled id="new-priority" label="Priority">
            <Select
              name="priority"
              value={values.priority}
              choices={priorityChoices}
              attributes={{ ...wrong("new-priority"), autocomplete: "off" }}
            />
          </Labelled>
          <Labelled id="new-tags" label="Tags">
            <input
              class="input"
              name="tags"
              value={values.tags}
              placeholder="Tags, with commas"
              autocomplete="off"
              list="new-tag-options"
              {...tagSuggestions("new-tag-options")}
              {...wrong("new-tags")}
            />
            <datalist id="new-tag-options" />
          </Labelled>
        </div>
      </details>
      {Object.entries(errors).map(([id, message]) => (id ? <FieldError id={id} error={message} /> : ""))}
    </form>
  );
};

const Labelled = ({ id, label, children }: { id: string; label: string; children?: Children }) => (
  <div class="quick-field">
    <label class="sr-only" for={id} safe>
      {label}
    </label>
    {children}
  </div>
);

/** Fills the datalist while somebody types; each option is the whole list so far, with the last name completed. */
export const tagSuggestions = (target: string): Record<string, string> => ({
  "hx-get": "/tags/options",
  "hx-target": `#${target}`,
  "hx-swap": "innerHTML",
  "hx-trigger": "focus once, input changed delay:120ms",
  "hx-sync": "this:replace",
});
