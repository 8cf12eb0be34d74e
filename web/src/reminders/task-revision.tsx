import type { Task } from "@carillon/contracts/http/tasks";
import { Html } from "../ui/html.ts";

/**
 * The version of the task that this page shows; `live.js` compares it with incoming changes and
 * reports newer ones from other windows.
 */
export const TaskRevision = ({ task, back }: { task: Task; back: string }) => (
  <div id="task-revision" data-task-page={task.id} data-version={String(task.version)}>
    <p class="notice" hidden data-changed-elsewhere>
      This task was changed in another window.{" "}
      <a href={`/tasks/${task.id}?${new URLSearchParams({ back })}`}>Show the current version</a>, or continue: nothing
      is overwritten without asking you.
    </p>
  </div>
);

/**
 * For htmx: updates the page's version after a change beside its form. Left out when another window
 * saved in between: then the form must still count as stale.
 */
export const NextRevision = ({ task, back }: { task: Task; back: string }) => (
  <>
    <hx-partial hx-target="#task-revision" hx-swap="outerHTML">
      <TaskRevision task={task} back={back} />
    </hx-partial>
    <hx-partial hx-target="#form-version" hx-swap="outerHTML">
      <FormVersion version={task.version} />
    </hx-partial>
  </>
);

/** The version the edit form is based on. */
export const FormVersion = ({ version }: { version: number }) => (
  <input type="hidden" id="form-version" name="version" value={String(version)} autocomplete="off" />
);
