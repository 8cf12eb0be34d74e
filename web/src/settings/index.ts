import { Elysia } from "elysia";
import { signedIn, type Web } from "../door/visit.ts";
import {
  changePassword,
  createToken,
  eraseAccount,
  exportTasks,
  revokeToken,
  updateDisplay,
  updateProfile,
  updateReminders,
} from "./change-settings.ts";
import { endOtherSessions, endSession } from "./end-sessions.ts";
import { showSettings } from "./settings-page.tsx";

/** The account and this browser's preferences. */
export const settingsRoutes = (web: Web) =>
  new Elysia({ name: "settings" })
    .get("/settings", signedIn(web, showSettings))
    .get("/settings/export", signedIn(web, exportTasks))
    .post("/settings/profile", signedIn(web, updateProfile), raw)
    .post("/settings/reminders", signedIn(web, updateReminders), raw)
    .post("/settings/display", signedIn(web, updateDisplay), raw)
    .post("/settings/password", signedIn(web, changePassword), raw)
    .post("/settings/sessions/end-others", signedIn(web, endOtherSessions), raw)
    .post("/settings/sessions/:id/end", signedIn(web, endSession), raw)
    .post("/settings/tokens", signedIn(web, createToken), raw)
    .post("/settings/tokens/:id/revoke", signedIn(web, revokeToken), raw)
    .post("/settings/erase", signedIn(web, eraseAccount), raw);

const raw = { parse: "none" } as const;
