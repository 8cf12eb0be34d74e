import { Elysia } from "elysia";
import { signedIn, type Web } from "../door/visit.ts";
import { showHistory, takeBackEntry, takeBackLast } from "../history/index.ts";
import { reminderRoutes } from "../reminders/index.ts";
import { actOnMany, setOverdueDate, showOverdueDate, undoMany } from "./act-on-many.tsx";
import { completeTask, deleteTask, reopenTask, restoreTask, skipTask } from "./change-status.ts";
import { createTask } from "./create-task.ts";
import { showDay, showList } from "./list-page.tsx";
import { showMonthPage } from "./month-page.tsx";
import { previewTask } from "./preview-task.tsx";
import { addSampleWeek } from "./sample-week.ts";
import { saveFields } from "./save-fields.tsx";
import { setDate, showDate, showMonth } from "./set-date.tsx";
import { setPriority } from "./set-priority.ts";
import { showRow } from "./show-row.tsx";
import { showTask, taskPage } from "./task-page.tsx";
import { tickLine } from "./tick-line.ts";
import { understandLine } from "./understand-line.tsx";
import { updateTask } from "./update-task.ts";

/** Lists of tasks, one task, and their actions. */
export const taskRoutes = (web: Web) =>
  new Elysia({ name: "tasks" })
    .get("/inbox", signedIn(web, showList))
    .get("/today", signedIn(web, showList))
    .get("/done", signedIn(web, showList))
    .get("/day", signedIn(web, showDay))
    .get("/dates", signedIn(web, showMonth))
    .get("/upcoming", signedIn(web, showList))
    .get("/all", signedIn(web, showList))
    .get("/month", signedIn(web, showMonthPage))
    .get("/trash", signedIn(web, showList))
    .post("/sample-week", signedIn(web, addSampleWeek), raw)
    .post("/tasks", signedIn(web, createTask), raw)
    .post("/tasks/many", signedIn(web, actOnMany), raw)
    .post("/tasks/undo", signedIn(web, undoMany), raw)
    .get("/overdue/date", signedIn(web, showOverdueDate))
    .post("/overdue/date", signedIn(web, setOverdueDate), raw)
    .post("/tasks/understood", signedIn(web, understandLine), raw)
    .get("/tasks/:id", signedIn(web, showTask))
    .post("/tasks/:id", signedIn(web, updateTask), raw)
    .post("/tasks/:id/save", signedIn(web, saveFields), raw)
    .post("/tasks/:id/tick", signedIn(web, tickLine), raw)
    .get("/tasks/:id/row", signedIn(web, showRow))
    .get("/tasks/:id/history", signedIn(web, showHistory))
    .post("/history/:id/undo", signedIn(web, takeBackEntry), raw)
    .post("/undo", signedIn(web, takeBackLast), raw)
    .post("/tasks/:id/preview", signedIn(web, previewTask), raw)
    .get("/tasks/:id/date", signedIn(web, showDate))
    .post("/tasks/:id/date", signedIn(web, setDate), raw)
    .post("/tasks/:id/priority", signedIn(web, setPriority), raw)
    .post("/tasks/:id/skip", signedIn(web, skipTask), raw)
    .post("/tasks/:id/complete", signedIn(web, completeTask), raw)
    .post("/tasks/:id/incomplete", signedIn(web, reopenTask), raw)
    .post("/tasks/:id/delete", signedIn(web, deleteTask), raw)
    .post("/tasks/:id/restore", signedIn(web, restoreTask), raw)
    .use(reminderRoutes(web, taskPage));

/** Bodies are read by our own form reader, with its limit; Elysia must not touch them. */
const raw = { parse: "none" } as const;
