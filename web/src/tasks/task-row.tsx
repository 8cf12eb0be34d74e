import type { Task } from "@carillon/contracts/http/tasks";
import { dueText, dueTimeText, isOverdue, lateText, momentText, type Reader, ruleText } from "../time.ts";
import { PriorityWords, TagNote, tagHref } from "../ui/badges.tsx";
import { Html } from "../ui/html.ts";
import { Icon } from "../ui/icon.tsx";

/** What a row needs to know of its surroundings: the time, and the list around it, which it leads back to. */
export type RowSetting = {
  now: Date;
  reader: Reader;
  back: string;
  place: (task: Task) => string;
  /** The day in the heading above such a row, so that the row itself says only the time. */
  underDay: (task: Task) => boolean;
  /** The tag whose page this is: no row repeats it. */
  tag: string | null;
  /** Rows have a box to choose them by, for a page without a script. */
  selects?: boolean;
};

/** One line: ring, title, what there is to know, the date, and more acts. What a task has not leaves no gap. */
export const TaskRow = ({ task, setting }: { task: Task; setting: RowSetting }) => (
  <li
    id={`task-${task.id}`}
    class={[
      "task",
      task.priority === "urgent" && !task.completed ? "task-urgent" : "",
      task.completed ? "task-done" : "",
    ]}
    data-task={task.id}
    data-place={setting.place(task)}
    data-version={String(task.version)}
  >
    {setting.selects ? <SelectBox task={task} /> : ""}
    {task.deleted_at ? <span class="task-gap" /> : <CheckForm task={task} back={setting.back} />}
    {task.deleted_at ? (
      <span class="task-title" dir="auto" safe>
        {task.title}
      </span>
    ) : (
      <a class="task-title" href={withBack(`/tasks/${task.id}`, setting.back)} dir="auto" safe>
        {task.title}
      </a>
    )}
    <TaskNotes task={task} setting={setting} />
    {task.deleted_at ? <RestoreForm task={task} back={setting.back} /> : <RowEnd task={task} setting={setting} />}
  </li>
);

const SelectBox = ({ task }: { task: Task }) => (
  <input
    type="checkbox"
    class="task-select"
    name="ids"
    value={task.id}
    form="select-form"
    aria-label={`Select “${task.title}”`}
    autocomplete="off"
  />
);

/** Most tags a row names; the others are a number. */
const maxTagsShown = 2;

const TaskNotes = ({ task, setting }: { task: Task; setting: RowSetting }) => {
  const tags = task.tags.filter(({ name }) => name !== setting.tag);
  const rings = !task.completed && task.reminders.some(({ state }) => state === "pending");
  return (
    <div class="task-notes">
      <PriorityWords level={task.priority} />
      {task.description ? <Note icon="note" words="has a description" /> : null}
      {task.is_recurring ? (
        <Note icon="repeat" words={`repeats ${ruleText(task.recurrence?.text ?? "", setting.reader)}`} />
      ) : null}
      {rings ? <Note icon="bell" words="has a reminder" /> : null}
      {tags.slice(0, maxTagsShown).map((tag) => (
        <TagNote tag={tag} href={tagHref(tag.name)} />
      ))}
      {tags.length > maxTagsShown ? <span class="task-note">+{tags.length - maxTagsShown}</span> : null}
    </div>
  );
};

const Note = ({ icon, words }: { icon: "note" | "repeat" | "bell"; words: string }) => (
  <span class={["task-note", `task-note-${icon}`]} title={words}>
    <Icon name={icon} />
    <span class="sr-only" safe>
      {words}
    </span>
  </span>
);

/** The date, which is the way to another one, and the menu of acts. */
const RowEnd = ({ task, setting }: { task: Task; setting: RowSetting }) => {
  const late = isOverdue(task, setting.now);
  const words = dateWords(task, setting, late);
  return (
    <>
      <a
        class={["task-date", late ? "task-late" : "", words ? "" : "task-undated"]}
        href={withBack(`/tasks/${task.id}/date`, setting.back)}
        data-does="date"
        aria-label={`${words || "No date"}: set the date of “${task.title}”`}
      >
        {task.due_date && words ? (
          <time datetime={task.due_date} safe>
            {words}
          </time>
        ) : (
          <Icon name="calendar" />
        )}
      </a>
      <button type="button" class="task-more scripted" data-does="menu" aria-label={`More for “${task.title}”`}>
        <Icon name="more" />
      </button>
    </>
  );
};

function dateWords(task: Task, { now, reader, underDay }: RowSetting, late: boolean): string {
  if (task.completed && task.completed_at) return momentText(task.completed_at, now, reader).replace(/^Today, /, "");
  if (task.due_date === null) return "";
  const dated = { ...task, due_date: task.due_date };
  if (late) return lateText(dated, now, reader.time_zone);
  if (!underDay(task)) return dueText(dated, now, reader);
  return task.all_day ? "" : dueTimeText(dated, reader);
}

/** When a task is due, on its own page; late ones say so by picture and word, not by red alone. */
export const Due = ({ task, now, reader }: { task: Task; now: Date; reader: Reader }) => {
  if (task.due_date === null) return "";
  const late = isOverdue(task, now);
  return (
    <span class={["task-note", "due", late ? "due-late" : ""]}>
      <Icon name={task.all_day ? "calendar" : "clock"} />
      {late ? <span class="sr-only">Overdue: </span> : null}
      <time datetime={task.due_date} safe>
        {dueText({ ...task, due_date: task.due_date }, now, reader)}
      </time>
    </span>
  );
};

const withBack = (action: string, back: string): string => `${action}?${new URLSearchParams({ back })}`;

const CheckForm = ({ task, back }: { task: Task; back: string }) => (
  <form
    method="post"
    action={withBack(`/tasks/${task.id}/${task.completed ? "incomplete" : "complete"}`, back)}
    data-act={task.completed ? "incomplete" : "complete"}
  >
    <button type="submit" class="check" aria-label={`${task.completed ? "Reopen" : "Complete"} “${task.title}”`}>
      <span class={["check-ring", `check-${task.priority}`]}>
        <Icon name="check" />
      </span>
    </button>
  </form>
);

const RestoreForm = ({ task, back }: { task: Task; back: string }) => (
  <form method="post" action={withBack(`/tasks/${task.id}/restore`, back)} data-act="restore">
    <button type="submit" class="button button-small" aria-label={`Restore “${task.title}”`}>
      <Icon name="undo" />
      Restore
    </button>
  </form>
);
