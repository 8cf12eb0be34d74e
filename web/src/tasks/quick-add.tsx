import { type Priority, priorities } from "@carillon/contracts/http/tasks";
import type { Children } from "@kitajs/html";
import { html } from "../door/respond.ts";
import { priorityLabels } from "../ui/badges.tsx";
import { ErrorSummary, FieldError, type FieldErrors, Select } from "../ui/field.tsx";
import { Html } from "../ui/html.ts";
import { Icon } from "../ui/icon.tsx";
import { emptyQuickTask, type QuickTask } from "./quick-task.ts";

/** The content of the quick-add form, and its faults. */
export type QuickAddState = { values: QuickTask; errors: FieldErrors };

const labels = { "new-title": "Title", "new-date": "Date", "new-priority": "Priority", "new-tags": "Tags" };

export const priorityChoices = (priorities as readonly Priority[]).map((level) => ({
  value: level,
  label: `${priorityLabels[level]} priority`,
}));

type QuickAddProps = { state: QuickAddState; back: string; idempotencyKey: string };

/**
 * One line for a task in plain words, and further fields. The key makes a second press of "Add" the
 * same task. With a script (`public/quick-add.js`) the line shows its meaning, is cleared at once,
 * and waits in a row of its own until it is saved.
 */
export const QuickAdd = ({ state: { values, errors }, back, idempotencyKey }: QuickAddProps) => {
  const hasErrors = Object.keys(errors).length > 0;
  return (
    <form class="quick-add" method="post" action="/tasks" aria-label="Add a task">
      <input type="hidden" name="key" value={idempotencyKey} autocomplete="off" />
      <input type="hidden" name="back" value={back} autocomplete="off" />
      {hasErrors ? <ErrorSummary errors={errors} labels={labels} /> : null}
      <TitleLine values={values} errors={errors} />
      <PasteOffer />
      <div id="understood" class="understood" aria-live="polite" />
      <details class="quick-more" open={hasErrors}>
        <summary class="quick-summary">
          <Icon name="chevron" class="chevron" />
          <span class="sr-only">Date, priority and tags</span>
        </summary>
        <MoreFields values={values} errors={errors} />
      </details>
      {Object.entries(errors).map(([id, message]) => (id ? <FieldError id={id} error={message} /> : ""))}
    </form>
  );
};

/** The same line over any other page, where the key and the links of "Add a task" open it. */
export const Adder = ({ back, idempotencyKey }: Omit<QuickAddProps, "state">) => (
  <dialog id="adder" class="popover adder" aria-label="Add a task">
    <QuickAdd state={{ values: emptyQuickTask(""), errors: {} }} back={back} idempotencyKey={idempotencyKey} />
    <PendingTasks />
  </dialog>
);

/** Asked when several lines were pasted. */
const PasteOffer = () => (
  <p id="paste-offer" class="paste-offer" role="status" hidden>
    <span>Several lines.</span>
    <button type="button" class="button button-small" data-paste="many">
      Add several tasks
    </button>
    <button type="button" class="button button-small button-quiet" data-paste="one">
      Keep as one
    </button>
  </p>
);

/** Unsaved lines, above the list; drawn by the script from the template. */
export const PendingTasks = () => (
  <>
    <ul id="pending" class="pending" aria-label="Not saved yet" />
    <template id="pending-row">
      <li class="pending-row">
        <span class="pending-title" />
        <span class="pending-state" role="status">
          Saving…
        </span>
        <button type="button" class="button button-small" data-again hidden>
          Try again
        </button>
        <button type="button" class="button button-small button-quiet" data-edit hidden>
          Edit
        </button>
      </li>
    </template>
  </>
);

/** Why a line was rejected, for the row in which it waits. */
export const refusedLine = async (errors: FieldErrors): Promise<Response> =>
  html(
    <p class="field-error" safe>
      {Object.values(errors).join(" ")}
    </p>,
    { status: 422 },
  );

/** Ties a control to its label and, when there is one, to its message. */
const tied = (id: string, errors: FieldErrors) => ({
  id,
  autocomplete: "off",
  "aria-invalid": errors[id] ? "true" : undefined,
  "aria-describedby": errors[id] ? `${id}-error` : undefined,
});

const TitleLine = ({ values, errors }: QuickAddState) => (
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
      dir="auto"
      required
      maxlength={1_000}
      enterkeyhint="done"
      data-key="n"
      {...tied("new-title", errors)}
    />
    <button type="submit" class="button button-primary">
      Add
    </button>
  </div>
);

const MoreFields = ({ values, errors }: QuickAddState) => (
  <div class="quick-fields">
    <Labelled id="new-date" label="Due date">
      <input class="input" type="date" name="date" value={values.date} {...tied("new-date", errors)} />
    </Labelled>
    <Labelled id="new-time" label="Time">
      <input class="input" type="time" name="time" value={values.time} {...tied("new-time", errors)} />
    </Labelled>
    <Labelled id="new-priority" label="Priority">
      <Select
        name="priority"
        value={values.priority}
        choices={priorityChoices}
        attributes={tied("new-priority", errors)}
      />
    </Labelled>
    <Labelled id="new-tags" label="Tags">
      <input
        class="input"
        name="tags"
        value={values.tags}
        placeholder="Tags, separated by commas"
        dir="auto"
        list="new-tag-options"
        {...tagSuggestions("new-tag-options")}
        {...tied("new-tags", errors)}
      />
      <datalist id="new-tag-options" />
    </Labelled>
  </div>
);

const Labelled = ({ id, label, children }: { id: string; label: string; children?: Children }) => (
  <div class="quick-field">
    <label class="sr-only" for={id} safe>
      {label}
    </label>
    {children}
  </div>
);

/** Fills the datalist while the user types; each option is the whole list so far, with the last name completed. */
export const tagSuggestions = (target: string): Record<string, string> => ({
  "hx-get": "/tags/options",
  "hx-target": `#${target}`,
  "hx-swap": "innerHTML",
  "hx-trigger": "focus once, input changed delay:120ms",
  "hx-sync": "this:replace",
});
