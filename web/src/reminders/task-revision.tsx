import type { Task } from "@carillon/contracts/http/tasks";
import { Html } from "../ui/html.ts";

/** Which version of the task this page shows; `live.js` compares it with what it hears and says when another window changed more. */
export const TaskRevision = ({ task, back }: { task: Task; back: string }) => (
  <div id="task-revision" data-task-page={task.id} data-version={String(task.version)}>
    <p class="notice" hidden data-changed-elsewhere>
      This task was changed in another window.{" "}
      <a href={`/tasks/${task.id}?${new URLSearchParams({ back })}`}>Show it as it is now</a>, or go on: nothing is
      overwritten without asking you.
    </p>
  </div>
);

/**
 * For htmx: the page's version moves on with what was done beside its form. Left out when somebody else saved in between: then the form must
 * still be found stale.
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

/** The version the edit form was made from. */
export const FormVersion = ({ version }: { version: number }) => (
  <input type="hidden" id="form-version" name="version" value={String(version)} autocomplete="off" />
);
