import { Elysia } from "elysia";
import { field, localPath } from "../door/form.ts";
import { seeOther } from "../door/respond.ts";
import { signedIn, type Visit, type Web } from "../door/visit.ts";
import { createCalendar, renewCalendar, revokeCalendar, showCalendars } from "./calendars-page.tsx";
import { changeAddress, resendProof } from "./change-address.ts";
import {
  changePassword,
  createToken,
  eraseAccount,
  mailPasswordLink,
  revokeToken,
  updateDisplay,
  updateProfile,
  updateReminders,
} from "./change-settings.ts";
import { updateWriting } from "./change-writing.ts";
import { resendDelivery, rotateSecret, showChannelLog } from "./channel-log-page.tsx";
import { addChannel, removeChannel, showChannels, testChannel } from "./channels-page.tsx";
import { endOtherSessions, endSession } from "./end-sessions.ts";
import { exportTasks } from "./export-tasks.ts";
import { factorRoutes } from "./factors/index.ts";
import { importFile, showImport, undoImport } from "./import-page.tsx";
import { showSettings } from "./settings-page.tsx";

export { connectProvider } from "./factors/change-provider.tsx";

/** The account and this browser's preferences. */
export const settingsRoutes = (web: Web) =>
  new Elysia({ name: "settings" })
    .use(factorRoutes(web))
    .get("/settings", signedIn(web, showSettings))
    .get("/settings/export", signedIn(web, exportTasks))
    .get("/settings/calendars", signedIn(web, showCalendars))
    .post("/settings/calendars", signedIn(web, createCalendar), raw)
    .post("/settings/calendars/:id/renew", signedIn(web, renewCalendar), raw)
    .post("/settings/calendars/:id/revoke", signedIn(web, revokeCalendar), raw)
    .get("/settings/channels", signedIn(web, showChannels))
    .post("/settings/channels", signedIn(web, addChannel), raw)
    .get("/settings/channels/:id", signedIn(web, showChannelLog))
    .post("/settings/channels/:id/test", signedIn(web, testChannel), raw)
    .post("/settings/channels/:id/remove", signedIn(web, removeChannel), raw)
    .post("/settings/channels/:id/secret", signedIn(web, rotateSecret), raw)
    .post("/settings/channels/:id/deliveries/:delivery/resend", signedIn(web, resendDelivery), raw)
    .get("/settings/import", signedIn(web, showImport))
    .post("/settings/import", signedIn(web, importFile), raw)
    .post("/settings/import/undo", signedIn(web, undoImport), raw)
    .post("/settings/profile", signedIn(web, updateProfile), raw)
    .post("/settings/writing", signedIn(web, updateWriting), raw)
    .post("/settings/reminders", signedIn(web, updateReminders), raw)
    .post("/settings/display", signedIn(web, updateDisplay), raw)
    .post("/settings/address", signedIn(web, changeAddress), raw)
    .post("/settings/address/resend", signedIn(web, resendProof), raw)
    .post("/prove", signedIn(web, goOn), raw)
    .post("/settings/password", signedIn(web, changePassword), raw)
    .post("/settings/password/link", signedIn(web, mailPasswordLink(web)), raw)
    .post("/settings/sessions/end-others", signedIn(web, endOtherSessions), raw)
    .post("/settings/sessions/:id/end", signedIn(web, endSession), raw)
    .post("/settings/tokens", signedIn(web, createToken), raw)
    .post("/settings/tokens/:id/revoke", signedIn(web, revokeToken), raw)
    .post("/settings/erase", signedIn(web, eraseAccount), raw);

/** `POST /prove`: the password was right, or this were not called; on to the page that asked for it. */
const goOn = async ({ form }: Visit): Promise<Response> => seeOther(localPath(field(form, "next"), "/today"));

const raw = { parse: "none" } as const;
