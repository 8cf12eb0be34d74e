import { type Priority, priorities, type Task } from "@carillon/contracts/http/tasks";
import { Problem } from "@carillon/kit/service";
import { field, localPath } from "../door/form.ts";
import { html } from "../door/respond.ts";
import type { Visit } from "../door/visit.ts";
import { Notes } from "../notes/index.ts";
import { atItsPlace, settle } from "../repeat/index.ts";
import { priorityLabels } from "../ui/badges.tsx";
import type { FieldErrors } from "../ui/field.tsx";
import { fieldErrors } from "../ui/field-errors.ts";
import { Html } from "../ui/html.ts";
import { ActParts } from "./answer-act.tsx";
import { shown } from "./edit-form.tsx";
import { mergeEdits, withGroups, without } from "./merge-fields.ts";
import { KeptTags } from "./task-fields.tsx";
import {
  fieldLabels,
  formOfTask,
  movesLater,
  patchOf,
  readOriginal,
  readTaskForm,
  type TaskForm,
} from "./task-form.ts";
import { TaskLead, taskPath } from "./task-page.tsx";
import { taskPlaces } from "./update-task.ts";

type Name = keyof TaskForm;

/** Attempts of one save: each either ends it, sets refused fields aside, or follows another window's change. */
const maxAttempts = 8;

type Saving = {
  original: TaskForm;
  typed: TaskForm;
  version: number;
  errors: FieldErrors;
  conflicts: readonly Name[];
};

/**
 * `POST /tasks/{id}/save`: saves the fields that were changed since the form was shown, each for itself. A field that is wrong, or
 * that another window changed to something else, is not saved and says so at its line; `hold` names fields to leave alone.
 */
export async function saveFields(visit: Visit): Promise<Response> {
  const original = readOriginal(field(visit.form, "was"));
  const version = Number(field(visit.form, "version"));
  if (original === null || !Number.isInteger(version))
    throw new Problem("malformed", "This form is incomplete. Open the task again.");
  const sent = settle(original, readTaskForm(visit.form));
  const held = withGroups(visit.form.getAll("hold").filter(isName));
  const typed = without(sent, original, held);
  let saving: Saving = { original, typed, version, errors: {}, conflicts: [] };
  for (let attempt = 0; attempt < maxAttempts; attempt++) {
    const next = await attemptToSave(visit, saving);
    if ("task" in next) return answer(visit, { ...saving, ...next, sent });
    saving = next;
  }
  throw new Problem("conflict", "This task is being changed elsewhere at the same time. Try again in a moment.");
}

const isName = (name: string): name is Name => name in fieldLabels;

/** The task as it is now, when all that can be saved is; else what to try next. */
async function attemptToSave(visit: Visit, saving: Saving): Promise<Saving | { task: Task; errors?: FieldErrors }> {
  const id = visit.params.id ?? "";
  const { original, typed, version } = saving;
  const result = patchOf(original, typed);
  if ("errors" in result) return setAside(saving, result.errors);
  try {
    if (Object.keys(result.patch).length > 0)
      return { task: await visit.api.patchTask(id, result.patch, { version, following: movesLater(typed) }) };
    const task = await visit.api.getTask(id);
    return task.version === version ? { task } : follow(saving, task);
  } catch (error) {
    if (!(error instanceof Problem)) throw error;
    if (error.code === "stale") return follow(saving, await visit.api.getTask(id));
    if (error.code !== "invalid" && error.code !== "conflict") throw error;
    const errors = atItsPlace(fieldErrors(error, taskPlaces), typed.repeat);
    // A reason that belongs to no field ends the attempt: nothing can be set aside for it.
    if (!Object.keys(errors).some(isName))
      return { task: await visit.api.getTask(id), errors: { ...saving.errors, ...errors } };
    return setAside(saving, errors);
  }
}

function setAside(saving: Saving, errors: FieldErrors): Saving {
  const names = withGroups(Object.keys(errors).filter(isName));
  const typed = without(saving.typed, saving.original, names);
  return { ...saving, typed, errors: { ...saving.errors, ...errors } };
}

function follow(saving: Saving, task: Task): Saving {
  const saved = formOfTask(task);
  const { mine, conflicts } = mergeEdits(saving.original, saving.typed, saved);
  return {
    ...saving,
    original: saved,
    typed: mine,
    version: task.version,
    conflicts: [...saving.conflicts, ...conflicts],
  };
}

type Outcome = Saving & { task: Task; sent: TaskForm };

/** What the form is based on now, a line for each field that is not saved, and the task's row in the list beside it. */
async function answer(visit: Visit, { task, sent, errors, conflicts }: Outcome): Promise<Response> {
  const saved = formOfTask(task);
  const mine = [...conflicts, ...withGroups(Object.keys(errors).filter(isName))];
  const { now, user } = visit;
  return html(
    <>
      <template
        data-saved={task.id}
        data-version={String(task.version)}
        data-was={JSON.stringify(saved)}
        data-mine={mine.join(" ")}
      >
        {linesOf(conflicts).map((names) => (
          <ConflictLine names={names} theirs={saved} />
        ))}
        {Object.entries(errors).map(([name, message]) => (
          <p class="field-line field-error" role="alert" data-at={name} safe>
            {message ?? ""}
          </p>
        ))}
      </template>
      <hx-partial hx-target=".task-heading" hx-swap="innerHTML" safe>
        {task.title}
      </hx-partial>
      <hx-partial hx-target="#task-lead" hx-swap="innerHTML">
        <TaskLead task={task} setting={{ now, reader: user }} />
      </hx-partial>
      <hx-partial hx-target="#task-notes" hx-swap="innerHTML">
        <Notes task={task} back={taskPath(task, backOf(visit))} />
      </hx-partial>
      {isSame(saved.kept_tags, sent.kept_tags) ? (
        ""
      ) : (
        <hx-partial hx-target="#kept-tags" hx-swap="innerHTML">
          <KeptTags names={saved.kept_tags} />
        </hx-partial>
      )}
      <ActParts visit={visit} tasks={[task]} back={backOf(visit)} />
    </>,
  );
}

const backOf = (visit: Visit): string => localPath(visit.url.searchParams.get("back"), "/today");

const isSame = (a: readonly string[], b: readonly string[]): boolean =>
  a.length === b.length && a.every((name) => b.includes(name));

/** Conflicting fields by the line at which they are decided: those of a group together. */
function linesOf(conflicts: readonly Name[]): Name[][] {
  const left = new Set(conflicts);
  const lines: Name[][] = [];
  for (const name of left) {
    const line = withGroups([name]).filter((one) => left.has(one));
    for (const one of line) left.delete(one);
    lines.push(line);
  }
  return lines;
}

/** Another window saved something else here: one of the two is chosen, and nothing is overwritten before. */
const ConflictLine = ({ names, theirs }: { names: readonly Name[]; theirs: TaskForm }) => (
  <div class="field-line conflict" role="alert" data-at={names[0]} data-conflict={names.join(" ")}>
    <p dir="auto">
      <span>Saved meanwhile in another window: </span>
      <b safe>{theirWords(names, theirs)}</b>
    </p>
    <p class="conflict-choice">
      <button type="button" class="button button-small" data-decide="mine">
        Keep mine
      </button>
      <button type="button" class="button button-small" data-decide="theirs">
        Take the other
      </button>
    </p>
  </div>
);

function theirWords(names: readonly Name[], theirs: TaskForm): string {
  const [first] = names;
  if (first === "priority") return priorityWords(theirs.priority);
  if (names.includes("due_day")) return [theirs.due_day, theirs.due_time].filter(Boolean).join(", ") || "no date";
  if (names.includes("repeat")) return theirs.repeat === "rule" ? theirs.recurring_pattern : theirs.repeat;
  return first ? shown(theirs[first]) : "";
}

function priorityWords(value: string): string {
  const level = (priorities as readonly Priority[]).find((one) => one === value);
  return level ? priorityLabels[level] : value;
}
