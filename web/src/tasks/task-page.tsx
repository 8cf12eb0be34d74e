import type { AuditPage } from "@carillon/contracts/http/audit";
import type { Task } from "@carillon/contracts/http/tasks";
import { localPath } from "../door/form.ts";
import { html } from "../door/respond.ts";
import { show } from "../door/show.tsx";
import type { Visit } from "../door/visit.ts";
import { History, historyHref, loadHistory } from "../history/index.ts";
import { Notes } from "../notes/index.ts";
import { type RefusedReminder, ReminderPanel, TaskRevision } from "../reminders/index.ts";
import type { NextDates } from "../repeat/index.ts";
import { momentText, type Reader, ruleText } from "../time.ts";
import { Html } from "../ui/html.ts";
import { Icon } from "../ui/icon.tsx";
import { ActParts } from "./answer-act.tsx";
import { EditForm, type Returned } from "./edit-form.tsx";
import { nextOf } from "./next-of-task.ts";
import { formOfTask } from "./task-form.ts";
import { Due } from "./task-row.tsx";

/** Rows of history beside the form; the whole history has a page of its own. */
const historyRows = 8;

/** `GET /tasks/{id}`. */
export async function showTask(visit: Visit): Promise<Response> {
  return taskPage(visit, await visit.api.getTask(visit.params.id ?? ""));
}

/** The task's page; `returned` and `refused` bring a form back with what was typed into it. */
export async function taskPage(
  visit: Visit,
  task: Task,
  { returned, refused }: { returned?: Returned; refused?: RefusedReminder } = {},
): Promise<Response> {
  const typed = returned?.typed ?? formOfTask(task);
  const [history, next] = await Promise.all([
    loadHistory(visit, task.id, { limit: historyRows }),
    returned?.next ?? nextOf(visit, task, typed),
  ]);
  const status = returned?.status ?? (refused ? 422 : 200);
  if (visit.part === "pane") {
    const main = <TaskMain {...{ visit, task, history, next, returned, refused }} />;
    return html(<PanePart visit={visit} task={task} main={main} />, { status });
  }
  return show(visit, {
    title: task.title,
    place: null,
    main: <TaskMain {...{ visit, task, history, next, returned, refused }} />,
    status,
  });
}

/** The details for their place beside a list, and the task's row there as it is now. */
const PanePart = async ({ visit, task, main }: { visit: Visit; task: Task; main: JSX.Element }) => (
  <>
    <hx-partial hx-target="#pane" hx-swap="innerHTML">
      {main}
    </hx-partial>
    <ActParts visit={visit} tasks={[task]} back={listBehind(visit)} />
  </>
);

/** The list that the details were opened from. */
const listBehind = (visit: Visit): string => localPath(visit.url.searchParams.get("back"), "/today");

type TaskMainProps = {
  visit: Visit;
  task: Task;
  history: AuditPage | null;
  next: NextDates;
  returned: Returned | undefined;
  refused: RefusedReminder | undefined;
};

const TaskMain = ({ visit, task, history, next, returned, refused }: TaskMainProps) => {
  const back = localPath(visit.url.searchParams.get("back"), "/today");
  const setting = { now: visit.now, reader: visit.user, back: taskPath(task, back) };
  const older = history?.next_cursor ? historyHref(task.id, history.next_cursor) : null;
  return (
    <div class="column column-wide">
      <header class="page-head">
        <a class="page-back" href={back} data-does="close">
          <Icon name="back" />
          Back to the list
        </a>
        {visit.part === "pane" ? (
          <h2 class="task-heading" tabindex="-1" dir="auto" safe>
            {task.title}
          </h2>
        ) : (
          <h1 class="task-heading" dir="auto" safe>
            {task.title}
          </h1>
        )}
        <div id="task-lead" class="page-lead-place">
          <TaskLead task={task} setting={setting} />
        </div>
        <TaskActions task={task} back={back} />
      </header>
      <TaskRevision task={task} back={back} />
      <div id="task-notes">
        <Notes task={task} back={taskPath(task, back)} />
      </div>
      <div class="task-columns">
        <EditForm visit={visit} task={task} back={back} returned={returned} next={next} />
        <div class="task-aside">
          <ReminderPanel visit={visit} task={task} back={back} refused={refused} />
          <section class="panel" aria-labelledby="history-title">
            <h2 id="history-title" class="panel-title">
              History
            </h2>
            <History page={history} setting={setting} older={older} />
          </section>
        </div>
      </div>
    </div>
  );
};

export const TaskLead = ({
  task,
  setting: { now, reader },
}: {
  task: Task;
  setting: { now: Date; reader: Reader };
}) => (
  <p class="page-lead task-notes">
    {task.completed && task.completed_at ? (
      <span safe>{`Done ${momentText(task.completed_at, now, reader)}`}</span>
    ) : null}
    <Due task={task} now={now} reader={reader} />
    {task.recurrence ? (
      <span class="task-note">
        <Icon name="repeat" />
        <span safe>{`Repeats ${ruleText(task.recurrence.text, reader)}`}</span>
      </span>
    ) : null}
  </p>
);

/** The task's own page, which leads back to that list. */
export const taskPath = (task: Task, back: string): string => `/tasks/${task.id}?${new URLSearchParams({ back })}`;

const TaskActions = ({ task, back }: { task: Task; back: string }) => {
  const here = new URLSearchParams({ back: taskPath(task, back) });
  return (
    <div class="page-actions">
      <form method="post" action={`/tasks/${task.id}/${task.completed ? "incomplete" : "complete"}?${here}`}>
        <button type="submit" class="button">
          <Icon name={task.completed ? "undo" : "check"} />
          {task.completed ? "Reopen" : "Complete"}
        </button>
      </form>
      {task.is_recurring && !task.completed ? (
        <form method="post" action={`/tasks/${task.id}/skip?${here}`}>
          <button type="submit" class="button">
            <Icon name="skip" />
            Skip this date
          </button>
        </form>
      ) : null}
      <form method="post" action={`/tasks/${task.id}/delete?${new URLSearchParams({ back })}`}>
        <button type="submit" class="button">
          <Icon name="trash" />
          Delete
        </button>
      </form>
    </div>
  );
};
