import type { InternalRoute } from "@carillon/kit/service";
import { Elysia } from "elysia";
import type { ApiDeps } from "../deps.ts";
import { completeTaskRoute } from "./complete-task.ts";
import { countTasksRoute } from "./count-tasks.ts";
import { createTaskRoute } from "./create-task.ts";
import { deleteTaskRoute } from "./delete-task.ts";
import { getTaskRoute } from "./get-task.ts";
import { listHistoryRoute } from "./list-history.ts";
import { listOccurrencesRoute } from "./list-occurrences.ts";
import { listTasksRoute } from "./list-tasks.ts";
import { endSeriesRoute } from "./occurrences/end-series.ts";
import { listMissingRoute } from "./occurrences/list-missing.ts";
import { putOccurrenceRoute } from "./occurrences/put-occurrence.ts";
import { parseTextRoute } from "./parse-text.ts";
import { pauseSeriesRoute } from "./pause-series.ts";
import { reopenTaskRoute } from "./reopen-task.ts";
import { replaceTaskRoute } from "./replace-task.ts";
import { restoreTaskRoute } from "./restore-task.ts";
import { runBatchRoute } from "./run-batch.ts";
import { skipTaskRoute } from "./skip-task.ts";
import { snoozeTaskRoute } from "./snooze-task.ts";
import { updateTaskRoute } from "./update-task.ts";

export { type FieldPlan, planFields } from "./apply-fields.ts";
export { completeTask } from "./complete-task.ts";
export { createTask } from "./create-task.ts";
export { deleteTask } from "./delete-task.ts";
export { newFields, type WantedReminder } from "./fields.ts";
export { listTasks } from "./list-tasks.ts";
export { loadTask, loadTasks } from "./load-task.ts";
export { moveSeries } from "./move-series.ts";
export { overdueFrom } from "./overdue.ts";
export { parseText, type Reader, readerOf } from "./parse-text.ts";
export { positionOf } from "./position-of.ts";
export { purgeTrash } from "./purge-trash.ts";
export { reconcile } from "./reminders/reconcile.ts";
export { type ReminderTurn, sayReminders } from "./reminders/save-reminders.ts";
export { reopenTask } from "./reopen-task.ts";
export { restoreTask } from "./restore-task.ts";
export { type ChangedTask, saveChangedTasks } from "./save-changed-tasks.ts";
export { type NewState, saveNewTasks } from "./save-new-tasks.ts";
export { saveTask, tracked } from "./save-task.ts";
export { searchEdition, searchVector } from "./search-text.ts";
export { type Seated, seatedByRules, seatedInZone } from "./seat-task.ts";
export { skipTask } from "./skip-task.ts";
export { snoozeTask } from "./snooze-task.ts";
export { stateTasks } from "./state-tasks.ts";
export { maxPageBytes } from "./task-page.ts";
export { emptyRow, type ReminderRow, selectTasks, stateOf, type TaskRow, type TaskState, toTask } from "./task-row.ts";
export { type Course, newCourse } from "./undo/fold-entries.ts";
export type { TaskEntry } from "./undo/task-entry.ts";
export { type SoleEntry, undoMany } from "./undo/undo-many.ts";
export { undoTask } from "./undo/undo-task.ts";
export { updateTask } from "./update-task.ts";

export const taskRoutes = (deps: ApiDeps) =>
  new Elysia({ name: "tasks" })
    .use(listTasksRoute(deps))
    .use(listOccurrencesRoute(deps))
    .use(countTasksRoute(deps))
    .use(createTaskRoute(deps))
    .use(parseTextRoute(deps))
    .use(getTaskRoute(deps))
    .use(replaceTaskRoute(deps))
    .use(updateTaskRoute(deps))
    .use(deleteTaskRoute(deps))
    .use(completeTaskRoute(deps))
    .use(reopenTaskRoute(deps))
    .use(restoreTaskRoute(deps))
    .use(skipTaskRoute(deps))
    .use(pauseSeriesRoute(deps))
    .use(runBatchRoute(deps))
    .use(snoozeTaskRoute(deps))
    .use(listHistoryRoute(deps));

/** Series, for recurring. */
export const taskInternals = (deps: ApiDeps): InternalRoute[] => [
  putOccurrenceRoute(deps),
  endSeriesRoute(deps),
  listMissingRoute(deps),
];
