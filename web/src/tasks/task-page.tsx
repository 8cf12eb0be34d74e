import type { AuditPage } from "@carillon/contracts/http/audit";
import type { Task } from "@carillon/contracts/http/tasks";
import { localPath } from "../door/form.ts";
import { show } from "../door/show.tsx";
import type { Visit } from "../door/visit.ts";
import { History, historyHref, loadHistory } from "../history/index.ts";
import { momentText } from "../time.ts";
import { ErrorSummary, type FieldErrors } from "../ui/field.tsx";
import { Html } from "../ui/html.ts";
import { Icon } from "../ui/icon.tsx";
import { TaskFields } from "./task-fields.tsx";
import { fieldLabels, formOfTask, type TaskForm } from "./task-form.ts";
import { Due } from "./task-row.tsx";

/** Rows of history beside the form; the whole of it has a page of its own. */
const historyRows = 8;

/**
 * What the form shows when it is not simply the task: `typed` came back with `errors`, or was merged with what was saved meanwhile
 * (`theirs`: those fields).
 */
export type Returned = { typed: TaskForm; errors: FieldErrors; theirs: (keyof TaskForm)[]; status: number };

/** `GET /tasks/{id}`. */
export async function showTask(visit: Visit): Promise<Response> {
  return taskPage(visit, await visit.api.getTask(visit.params.id ?? ""));
}

export async function taskPage(visit: Visit, task: Task, returned?: Returned): Promise<Response> {
  const history = await loadHistory(visit, task.id, { limit: historyRows });
  return show(visit, {
    title: task.title,
    place: null,
    main: <TaskMain visit={visit} task={task} history={history} returned={returned} />,
    status: returned?.status ?? 200,
  });
}

type TaskMainProps = { visit: Visit; task: Task; history: AuditPage | null; returned: Returned | undefined };

const TaskMain = ({ visit, task, history, returned }: TaskMainProps) => {
  const back = localPath(visit.url.searchParams.get("back"), "/today");
  const reader = { now: visit.now, zone: visit.user.time_zone };
  const older = history?.next_cursor ? historyHref(task.id, history.next_cursor) : null;
  return (
    <div class="column column-wide" data-task-page={task.id} data-version={String(task.version)}>
      <header class="page-head">
        <a class="page-back" href={back}>
          <Icon name="back" />
          Back to the list
        </a>
        <h1 class="task-heading" safe>
          {task.title}
        </h1>
        <p class="page-lead task-notes">
          {task.completed && task.completed_at ? (
            <span safe>{`Done ${momentText(task.completed_at, visit.now, visit.user.time_zone)}`}</span>
          ) : null}
          <Due task={task} now={visit.now} zone={visit.user.time_zone} />
        </p>
        <TaskActions task={task} back={back} />
      </header>
      <p class="notice" hidden data-changed-elsewhere>
        This task was changed in another window.{" "}
        <a href={visit.url.pathname + visit.url.search}>Show it as it is now</a>, or go on: nothing is overwritten
        without asking you.
      </p>
      <div class="task-columns">
        <EditForm visit={visit} task={task} back={back} returned={returned} />
        <section class="panel" aria-labelledby="history-title">
          <h2 id="history-title" class="panel-title">
            History
          </h2>
          <History page={history} reader={reader} older={older} />
        </section>
      </div>
    </div>
  );
};

const TaskActions = ({ task, back }: { task: Task; back: string }) => {
  const here = new URLSearchParams({ back: `/tasks/${task.id}?${new URLSearchParams({ back })}` });
  return (
    <div class="page-actions">
      <form method="post" action={`/tasks/${task.id}/${task.completed ? "incomplete" : "complete"}?${here}`}>
        <button type="submit" class="button">
          <Icon name={task.completed ? "undo" : "check"} />
          {task.completed ? "Reopen" : "Complete"}
        </button>
      </form>
      <form method="post" action={`/tasks/${task.id}/delete?${new URLSearchParams({ back })}`}>
        <button type="submit" class="button">
          <Icon name="trash" />
          Delete
        </button>
      </form>
    </div>
  );
};

const EditForm = ({
  visit,
  task,
  back,
  returned,
}: {
  visit: Visit;
  task: Task;
  back: string;
  returned: Returned | undefined;
}) => {
  const saved = formOfTask(task);
  const typed = returned?.typed ?? saved;
  const errors = returned?.errors ?? {};
  const action = `/tasks/${task.id}?${new URLSearchParams({ back })}`;
  return (
    <form class="panel edit-form" method="post" action={action} aria-label="Edit the task">
      <input type="hidden" name="version" value={String(task.version)} autocomplete="off" />
      <input type="hidden" name="was" value={JSON.stringify(saved)} autocomplete="off" />
      <ErrorSummary errors={errors} labels={fieldLabels} />
      {returned && returned.theirs.length > 0 ? (
        <Meanwhile theirs={returned.theirs} saved={saved} typed={typed} />
      ) : null}
      <TaskFields typed={typed} errors={errors} ownZone={visit.user.time_zone} />
      <div class="form-end">
        <button type="submit" class="button button-primary">
          Save
        </button>
        <a class="button button-quiet" href={back}>
          Cancel
        </a>
      </div>
    </form>
  );
};

/** Said when the task was saved elsewhere while this form was open: what stands there now, and what "Save" will do. */
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
            <td safe>{shown(saved[name])}</td>
            <td safe>
              {JSON.stringify(saved[name]) === JSON.stringify(typed[name]) ? "the same" : shown(typed[name])}
            </td>
          </tr>
        ))}
      </tbody>
    </table>
    <p>“Save” keeps what stands in your form below. Change it first if the other text should win.</p>
  </div>
);

function shown(value: string | boolean | string[]): string {
  if (typeof value === "boolean") return value ? "yes" : "no";
  return (Array.isArray(value) ? value.join(", ") : value) || "empty";
}
