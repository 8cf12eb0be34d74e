import { Elysia } from "elysia";
import { signedIn, type Web } from "../door/visit.ts";
import { showBell } from "./bell-card.tsx";
import { addReminder, removeReminder, type ShowTask, showReminders, snoozeTask } from "./change-reminders.tsx";
import { showNotifications } from "./notifications-page.tsx";

export { type RefusedReminder, ReminderPanel } from "./reminder-panel.tsx";
export { FormVersion, TaskRevision } from "./task-revision.tsx";
export { beforeWords } from "./wording.ts";

/** A task's reminders, and the notification centre. */
export const reminderRoutes = (web: Web, showTask: ShowTask) =>
  new Elysia({ name: "reminders" })
    .get("/notifications", signedIn(web, showNotifications))
    .get("/tasks/:id/bell", signedIn(web, showBell))
    .get("/tasks/:id/reminders", signedIn(web, showReminders))
    .post("/tasks/:id/reminders", signedIn(web, addReminder(showTask)), raw)
    .post("/tasks/:id/reminders/:reminder/remove", signedIn(web, removeReminder), raw)
    .post("/tasks/:id/snooze", signedIn(web, snoozeTask), raw);

const raw = { parse: "none" } as const;
