import { Problem } from "@carillon/kit/service";
import { field } from "../door/form.ts";
import { html } from "../door/respond.ts";
import type { Visit } from "../door/visit.ts";
import { NextDatesAnswer, settle } from "../repeat/index.ts";
import { Html } from "../ui/html.ts";
import { nextOf } from "./next-of-task.ts";
import { formOfTask, mergeForms, readOriginal, readTaskForm } from "./task-form.ts";
import { taskPage } from "./task-page.tsx";

/**
 * `POST /tasks/{id}/preview`: the edit form again with the next dates of its repetition; nothing is
 * saved. For htmx only the dates.
 */
export async function previewTask(visit: Visit): Promise<Response> {
  const original = readOriginal(field(visit.form, "was"));
  if (original === null) throw new Problem("malformed", "This form is incomplete. Open the task again.");
  const typed = settle(original, readTaskForm(visit.form));
  const task = await visit.api.getTask(visit.params.id ?? "");
  const { merged } = mergeForms(original, typed, formOfTask(task));
  const next = await nextOf(visit, task, merged);
  if (visit.part !== "page") return html(<NextDatesAnswer next={next} />);
  const errors = next !== null && "errors" in next ? next.errors : {};
  return taskPage(visit, task, { returned: { typed: merged, errors, theirs: [], status: 200, next } });
}
