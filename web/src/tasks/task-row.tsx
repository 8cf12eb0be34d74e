import type { Task } from "@carillon/contracts/http/tasks";
import { dueText, dueTimeText, isOverdue, momentText } from "../time.ts";
import { PriorityBadge, TagBadge, tagHref } from "../ui/badges.tsx";
import { Html } from "../ui/html.ts";
import { Icon } from "../ui/icon.tsx";
import { inList } from "../ui/in-list.ts";

/** What a row needs to know of its surroundings: the time, and the list it stands in and goes back to. */
export type RowSetting = {
  now: Date;
  zone: string;
  back: string;
  place: (task: Task) => string;
  /** The day that stands above such a row already, so that the row itself says only the time. */
  underDay: (task: Task) => boolean;
};

export const TaskRow = ({ task, setting }: { task: Task; setting: RowSetting }) => (
  <li
    id={`task-${task.id}`}
    class={["task", task.completed ? "task-done" : "", isOverdue(task, setting.now) ? "task-overdue" : ""]}
    data-task={task.id}
    data-place={setting.place(task)}
    data-version={String(task.version)}
  >
    {task.deleted_at ? <span class="task-gap" /> : <CheckForm task={task} back={setting.back} />}
    <div class="task-body">
      {task.deleted_at ? (
        <span class="task-title" safe>
          {task.title}
        </span>
      ) : (
        <a class="task-title" href={withBack(`/tasks/${task.id}`, setting.back)} safe>
          {task.title}
        </a>
      )}
      <TaskNotes task={task} setting={setting} />
    </div>
    {task.deleted_at ? <RestoreForm task={task} back={setting.back} /> : <DeleteForm task={task} back={setting.back} />}
  </li>
);

const TaskNotes = ({ task, setting: { now, zone, underDay } }: { task: Task; setting: RowSetting }) => (
  <div class="task-notes">
    {task.deleted_at ? <span safe>{`Deleted ${momentText(task.deleted_at, now, zone)}`}</span> : null}
    <Due task={task} now={now} zone={zone} timeOnly={underDay(task)} />
    <PriorityBadge level={task.priority} />
    {task.is_recurring ? (
      <span class="task-note">
        <Icon name="repeat" />
        <span safe>{task.recurrence?.text || "repeats"}</span>
      </span>
    ) : null}
    {!task.completed && task.reminders.some(({ state }) => state === "pending") ? (
      <span class="task-note">
        <Icon name="bell" />
        <span class="sr-only">has a reminder</span>
      </span>
    ) : null}
    {task.description ? (
      <span class="task-note">
        <Icon name="note" />
        <span class="sr-only">has a description</span>
      </span>
    ) : null}
    {task.tags.map((tag) => (
      <TagBadge tag={tag} href={tagHref(tag.name)} />
    ))}
  </div>
);

/** When a task is due; late ones say so by picture and word, not by red alone. */
export const Due = ({
  task,
  now,
  zone,
  timeOnly = false,
}: {
  task: Task;
  now: Date;
  zone: string;
  timeOnly?: boolean;
}) => {
  if (task.due_date === null) return "";
  const late = isOverdue(task, now);
  const dated = { ...task, due_date: task.due_date };
  const text = timeOnly ? dueTimeText(dated, zone) : dueText(dated, now, zone);
  return (
    <span class={["task-note", "due", late ? "due-late" : ""]}>
      <Icon name={late ? "alarm" : task.all_day ? "calendar" : "clock"} />
      {late ? <span class="sr-only">Overdue: </span> : null}
      <time datetime={task.due_date} safe>
        {text}
      </time>
    </span>
  );
};

const withBack = (action: string, back: string): string => `${action}?${new URLSearchParams({ back })}`;

const CheckForm = ({ task, back }: { task: Task; back: string }) => {
  const action = withBack(`/tasks/${task.id}/${task.completed ? "incomplete" : "complete"}`, back);
  return (
    <form method="post" action={action} {...inList(action)}>
      <button
        type="submit"
        class="check"
        aria-label={`${task.completed ? "Reopen" : "Complete"} “${task.title}”`}
        data-check
      >
        <span class={["check-ring", `check-${task.priority}`]}>
          <Icon name="check" />
        </span>
      </button>
    </form>
  );
};

const DeleteForm = ({ task, back }: { task: Task; back: string }) => {
  const action = withBack(`/tasks/${task.id}/delete`, back);
  return (
    <form method="post" action={action} class="task-delete" {...inList(action)}>
      <button type="submit" class="icon-button" aria-label={`Delete “${task.title}”`}>
        <Icon name="trash" />
      </button>
    </form>
  );
};

const RestoreForm = ({ task, back }: { task: Task; back: string }) => {
  const action = withBack(`/tasks/${task.id}/restore`, back);
  return (
    <form method="post" action={action} {...inList(action)}>
      <button type="submit" class="button button-small" aria-label={`Restore “${task.title}”`}>
        <Icon name="undo" />
        Restore
      </button>
    </form>
  );
};
