import type { Task } from "@carillon/contracts/http/tasks";
import type { Visit } from "../door/visit.ts";
import { type NextDates, nextDates, patternOf } from "../repeat/index.ts";
import { differences, formOfTask, movesLater, type TaskForm } from "./task-form.ts";

/**
 * The next dates of that form. A series continues from its position as long as its rule, zone and
 * anchor are unchanged.
 */
export async function nextOf(visit: Visit, task: Task, typed: TaskForm): Promise<NextDates> {
  const saved = formOfTask(task);
  const form = typed.all_day ? { ...typed, due_time: "" } : typed;
  return nextDates(visit.api, {
    form,
    kept: keptSeries(task, saved, typed),
    now: visit.now,
    reader: visit.user,
  });
}

/** The series this form leaves alone; null if saving it would start a new one. */
function keptSeries(task: Task, saved: TaskForm, typed: TaskForm) {
  if (task.due_date === null || !task.recurrence) return null;
  const [was, is] = [patternOf(saved, typed.due_day), patternOf(typed, typed.due_day)];
  const same =
    "pattern" in was &&
    "pattern" in is &&
    was.pattern === is.pattern &&
    saved.time_zone === typed.time_zone &&
    saved.recurrence_anchor === typed.recurrence_anchor;
  if (!same) return null;
  const changed = differences(saved, typed);
  const counted = saved.ends === "after" && task.parent_task_id !== null;
  const moved = changed.includes("due_day") || changed.includes("due_time");
  // Its count continues all the same.
  if (movesLater(typed) && !counted) return null;
  return { dueAt: task.due_date, counted, text: task.recurrence.text, moved };
}
