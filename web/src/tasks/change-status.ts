import { occurrenceId } from "@carillon/calendar/recurrence";
import type { Task } from "@carillon/contracts/http/tasks";
import { Problem } from "@carillon/kit/service";
import { nullWhenGone } from "../api.ts";
import { type Flash, quote } from "../door/flash.ts";
import { localPath } from "../door/form.ts";
import { seeOtherWith, type Visit } from "../door/visit.ts";
import { loadHistory } from "../history/index.ts";
import { dueText, inSentence } from "../time.ts";
import { answerAct } from "./answer-act.tsx";

const idOf = (visit: Visit): string => visit.params.id ?? "";

/** The page of the form, from the form's own address. */
const backOf = (visit: Visit): string => localPath(visit.url.searchParams.get("back"), "/today");

function undoBy(
  task: Task,
  verb: "complete" | "incomplete" | "delete" | "restore",
  back: string,
): NonNullable<Flash["undo"]> {
  return { action: `/tasks/${task.id}/${verb}?${new URLSearchParams({ back })}`, label: "Undo" };
}

/** `POST /tasks/{id}/complete`; for a recurring task the message names the next date. */
export async function completeTask(visit: Visit): Promise<Response> {
  const task = await visit.api.completeTask(idOf(visit));
  const back = backOf(visit);
  const text = task.is_recurring ? `Done. ${await whatIsNext(visit, task)}` : `Completed ${quote(task.title)}.`;
  return answerAct(visit, { tasks: [task], back, flash: { text, undo: undoBy(task, "incomplete", back) } });
}

/**
 * Pauses in milliseconds between the attempts to read it: it is created within two seconds, and nearly
 * always at once.
 */
const askAfterMs = [0, 40, 80, 150, 250, 400];

/**
 * When the next occurrence is, read from the occurrence itself: only the series knows its moved,
 * skipped and counted dates.
 */
async function whatIsNext(visit: Visit, task: Task): Promise<string> {
  for (const ms of askAfterMs) {
    if (ms > 0) await Bun.sleep(ms);
    const next = await visit.api.getTask(occurrenceId(task.id)).catch(nullWhenGone);
    if (next?.due_date) return `Next: ${dueWords({ ...next, due_date: next.due_date }, visit)}.`;
  }
  return (await hasEnded(visit, task)) ? "That was the last of its series." : "The next one will appear in a moment.";
}

async function hasEnded(visit: Visit, task: Task): Promise<boolean> {
  const history = await loadHistory(visit, task.id, { limit: 5 });
  return history?.data.some(({ action }) => action === "series.ended") ?? false;
}

/** `tomorrow, 09:00`, in the middle of a sentence. */
const dueWords = (task: Task & { due_date: string }, { now, user }: Visit): string =>
  inSentence(dueText(task, now, user));

/** `POST /tasks/{id}/skip`: skips this date. A task that cannot be skipped stays, with the reason. */
export async function skipTask(visit: Visit): Promise<Response> {
  const back = backOf(visit);
  try {
    const task = await visit.api.skipTask(idOf(visit));
    const due = task.due_date === null ? "" : ` Now due ${dueWords({ ...task, due_date: task.due_date }, visit)}.`;
    return seeOtherWith(back, { text: `Skipped this date.${due}` }, visit);
  } catch (error) {
    if (error instanceof Problem && error.code === "conflict") return seeOtherWith(back, { text: error.detail }, visit);
    throw error;
  }
}

/** `POST /tasks/{id}/incomplete`. */
export async function reopenTask(visit: Visit): Promise<Response> {
  const task = await visit.api.reopenTask(idOf(visit));
  const back = backOf(visit);
  const flash = { text: `Reopened ${quote(task.title)}.`, undo: undoBy(task, "complete", back) };
  return answerAct(visit, { tasks: [task], back, flash });
}

/** `POST /tasks/{id}/delete`: into the trash. Succeeds if it is already there. */
export async function deleteTask(visit: Visit): Promise<Response> {
  const id = idOf(visit);
  const back = backOf(visit);
  const task = await visit.api.getTask(id).catch(nullWhenGone);
  if (task === null)
    return answerAct(visit, { tasks: [], gone: [id], back, flash: { text: "That task was already deleted." } });
  await visit.api.deleteTask(id).catch(nullWhenGone);
  // Its own page is gone with it.
  const next = back.startsWith(`/tasks/${id}`) ? "/today" : back;
  const flash = { text: `Deleted ${quote(task.title)}.`, undo: undoBy(task, "restore", next) };
  return answerAct(visit, { tasks: [], gone: [id], back: next, flash });
}

/** `POST /tasks/{id}/restore`: out of the trash. */
export async function restoreTask(visit: Visit): Promise<Response> {
  const task = await visit.api.restoreTask(idOf(visit));
  const back = backOf(visit);
  const flash = { text: `Restored ${quote(task.title)}.`, undo: undoBy(task, "delete", back) };
  return answerAct(visit, { tasks: [task], back, flash });
}
