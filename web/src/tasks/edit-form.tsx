import type { Task } from "@carillon/contracts/http/tasks";
import type { Visit } from "../door/visit.ts";
import { FormVersion } from "../reminders/index.ts";
import type { NextDates } from "../repeat/index.ts";
import { ErrorSummary, type FieldErrors } from "../ui/field.tsx";
import { Html } from "../ui/html.ts";
import { TaskFields } from "./task-fields.tsx";
import { fieldLabels, formOfTask, type TaskForm } from "./task-form.ts";

/**
 * What the form shows when it is not simply the task: `typed` came back with `errors`, or was merged
 * with what was saved meanwhile (`theirs`: those fields). `next`: its next dates, if already known.
 */
export type Returned = {
  typed: TaskForm;
  errors: FieldErrors;
  theirs: (keyof TaskForm)[];
  status: number;
  next?: NextDates;
};

type Props = { visit: Visit; task: Task; back: string; returned: Returned | undefined; next: NextDates };

export const EditForm = ({ visit, task, back, returned, next }: Props) => {
  const saved = formOfTask(task);
  const typed = returned?.typed ?? saved;
  const errors = returned?.errors ?? {};
  const query = new URLSearchParams({ back });
  const action = `/tasks/${task.id}?${query}`;
  const preview = `/tasks/${task.id}/preview?${query}`;
  return (
    <form class="panel edit-form" method="post" action={action} aria-label="Edit the task">
      <FormVersion version={task.version} />
      <input type="hidden" name="was" value={JSON.stringify(saved)} autocomplete="off" />
      <ErrorSummary errors={errors} labels={fieldLabels} />
      {returned && returned.theirs.length > 0 ? (
        <Meanwhile theirs={returned.theirs} saved={saved} typed={typed} />
      ) : null}
      <TaskFields
        typed={typed}
        errors={errors}
        ownZone={visit.user.time_zone}
        next={next}
        preview={preview}
        repeats={task.is_recurring && task.due_date !== null && !task.completed}
      />
      <div class="form-end">
        <p class="save-state scripted" role="status">
          Changes are saved as you make them.
        </p>
        <button type="submit" class="button button-primary form-save">
          Save
        </button>
        <button type="submit" class="button unscripted" formaction={preview}>
          Show the next dates
        </button>
        <a class="button button-quiet unscripted" href={back}>
          Cancel
        </a>
      </div>
    </form>
  );
};

/** Shown when the task was saved elsewhere while this form was open: the saved values, and what "Save" will do. */
const Meanwhile = ({ theirs, saved, typed }: { theirs: (keyof TaskForm)[]; saved: TaskForm; typed: TaskForm }) => (
  <div class="notice notice-alarm" role="alert">
    <p class="notice-title">
      This task was changed elsewhere while you were editing. Nothing of yours was lost, and nothing was overwritten.
    </p>
    <table class="compare">
      <thead>
        <tr>
          <th scope="col">Field</th>
          <th scope="col">Saved meanwhile</th>
          <th scope="col">In your form</th>
        </tr>
      </thead>
      <tbody>
        {theirs.map((name) => (
          <tr>
            <th scope="row" safe>
              {fieldLabels[name]}
            </th>
            <td dir="auto" safe>
              {shown(saved[name])}
            </td>
            <td dir="auto" safe>
              {JSON.stringify(saved[name]) === JSON.stringify(typed[name]) ? "the same" : shown(typed[name])}
            </td>
          </tr>
        ))}
      </tbody>
    </table>
    <p>“Save” keeps the values of your form below. Change them first if you prefer the others.</p>
  </div>
);

export function shown(value: string | boolean | string[]): string {
  if (typeof value === "boolean") return value ? "yes" : "no";
  return (Array.isArray(value) ? value.join(", ") : value) || "empty";
}
