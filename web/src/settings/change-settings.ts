import { scopes } from "@carillon/contracts/http/auth";
import { Problem } from "@carillon/kit/service";
import { nullWhenGone } from "../api.ts";
import {
  clearCookie,
  clearSession,
  densityCookie,
  shortcutsCookie,
  soundCookie,
  themeCookie,
  writeCookie,
} from "../door/cookies.ts";
import { quote } from "../door/flash.ts";
import { field } from "../door/form.ts";
import { seeOtherWith, type Visit, type Web } from "../door/visit.ts";
import { instantOf } from "../time.ts";
import type { FieldErrors } from "../ui/field.tsx";
import { type FieldPlaces, fieldErrors } from "../ui/field-errors.ts";
import { settingsPage } from "./settings-page.tsx";

const yearSeconds = 365 * 86_400;

/** `POST /settings/profile`. */
export async function updateProfile(visit: Visit): Promise<Response> {
  const profile = { name: field(visit.form, "name").trim(), time_zone: field(visit.form, "time_zone") };
  const places = {
    name: { field: "name", label: "The name" },
    time_zone: { field: "time_zone", label: "The time zone" },
  };
  try {
    await visit.api.updateMe(profile);
    return seeOtherWith("/settings#profile", { text: "Saved." }, visit);
  } catch (error) {
    return settingsPage(visit, { returned: { section: "profile", profile, errors: refusal(error, places) } });
  }
}

/** `POST /settings/reminders`: whether reminders are mailed. */
export async function updateReminders(visit: Visit): Promise<Response> {
  const email = visit.form.has("email");
  await visit.api.updateMe({ notifications: { email } });
  const text = email ? "Reminders are sent by e-mail again." : "Reminders are no longer sent by e-mail.";
  return seeOtherWith("/settings#reminders", { text }, visit);
}

/** `POST /settings/display`: theme, density, keys and sound, in this browser. */
export async function updateDisplay(visit: Visit): Promise<Response> {
  const theme = field(visit.form, "theme");
  const keep = (name: string, value: string, fallback: string) =>
    value === fallback
      ? clearCookie(name, visit)
      : writeCookie(name, value, { secure: visit.secure, maxAgeSeconds: yearSeconds });
  const cookies = [
    keep(themeCookie, theme === "light" || theme === "dark" ? theme : "system", "system"),
    keep(shortcutsCookie, visit.form.has("shortcuts") ? "on" : "off", "on"),
    keep(densityCookie, field(visit.form, "density") === "comfortable" ? "comfortable" : "compact", "compact"),
    keep(soundCookie, visit.form.has("sound") ? "on" : "off", "off"),
  ];
  return seeOtherWith("/settings#display", { text: "Saved for this browser." }, visit, cookies);
}

/** `POST /settings/password`. */
export async function changePassword(visit: Visit): Promise<Response> {
  const body = {
    current_password: field(visit.form, "current_password"),
    new_password: field(visit.form, "new_password"),
  };
  const places = {
    current_password: { field: "current_password", label: "The current password" },
    new_password: { field: "new_password", label: "The new password" },
  };
  try {
    await visit.api.changePassword(body);
    return seeOtherWith(
      "/settings#password",
      { text: "Your password has been changed. All other sessions and all tokens have ended." },
      visit,
    );
  } catch (error) {
    const errors = isWrongPassword(error)
      ? { current_password: "That is not your current password." }
      : refusal(error, places);
    return settingsPage(visit, { returned: { section: "password", errors } });
  }
}

/** `POST /settings/tokens`: answers with the only page that ever shows the token, so it does not redirect. */
export async function createToken(visit: Visit): Promise<Response> {
  const token = {
    token_name: field(visit.form, "token_name").trim(),
    scope: field(visit.form, "scope"),
    expires_day: field(visit.form, "expires_day"),
  };
  const places = {
    name: { field: "token_name", label: "The name" },
    scope: { field: "scope", label: "The scope" },
    expires_at: { field: "expires_day", label: "The last day" },
  };
  const expires = token.expires_day
    ? instantOf({ date: token.expires_day, time: "23:59:59" }, visit.user.time_zone)
    : null;
  if (token.expires_day && expires === null) {
    return settingsPage(visit, {
      returned: { section: "tokens", token, errors: { expires_day: "Enter the date as 2026-11-27." } },
    });
  }
  const body = {
    name: token.token_name,
    scope: scopes.find((scope) => scope === token.scope) ?? ("read" as const),
    expires_at: expires,
  };
  try {
    const created = await visit.api.createToken(body, field(visit.form, "key") || visit.newKey());
    return settingsPage(visit, { created, status: 201 });
  } catch (error) {
    return settingsPage(visit, { returned: { section: "tokens", token, errors: refusal(error, places) } });
  }
}

/** `POST /settings/tokens/{id}/revoke`. Succeeds if it is already gone. */
export async function revokeToken(visit: Visit): Promise<Response> {
  await visit.api.deleteToken(visit.params.id ?? "").catch(nullWhenGone);
  return seeOtherWith("/settings#tokens", { text: `Revoked the token ${quote(field(visit.form, "name"))}.` }, visit);
}

/** `POST /settings/erase`: the account and everything in it. */
export async function eraseAccount(visit: Visit): Promise<Response> {
  try {
    await visit.api.eraseMe(field(visit.form, "erase_password"));
  } catch (error) {
    const errors = isWrongPassword(error)
      ? { erase_password: "That is not your password. Nothing was erased." }
      : refusal(error, {});
    return settingsPage(visit, { returned: { section: "erase", errors } });
  }
  return seeOtherWith("/sign-in", { text: "Your account and everything in it have been erased. Goodbye." }, visit, [
    clearSession(visit),
  ]);
}

/** api either names the field with the wrong password, or rejects the request as a whole. */
function isWrongPassword(error: unknown): boolean {
  if (!(error instanceof Problem)) return false;
  return (
    error.code === "forbidden" ||
    (error.code === "invalid" && (error.errors ?? []).some(({ pointer }) => /^\/(current_)?password$/.test(pointer)))
  );
}

/** api's refusal at the form's fields; anything else is thrown on. */
export function refusal(error: unknown, places: FieldPlaces): FieldErrors {
  if (error instanceof Problem && (error.code === "invalid" || error.code === "malformed" || error.code === "conflict"))
    return fieldErrors(error, places);
  throw error;
}

/** `POST /settings/password/link`: for an account without a password. */
export const mailPasswordLink =
  (web: Web) =>
  async (visit: Visit): Promise<Response> => {
    const { email } = visit.user;
    await web.api.forgot({ email }, web.clientOf(visit.request));
    return seeOtherWith("/settings#password", { text: `The link is on its way to ${email}.` }, visit);
  };
