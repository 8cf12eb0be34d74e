import { Problem } from "@carillon/kit/service";
import { field } from "../../door/form.ts";
import { seeOtherWith, type Visit } from "../../door/visit.ts";
import type { FieldErrors } from "../../ui/field.tsx";
import { fieldErrors } from "../../ui/field-errors.ts";
import { settingsPage } from "../settings-page.tsx";
import { recoveryCodesPage, setUpPage } from "./set-up-page.tsx";

const places = {
  password: { field: "two_step_password", label: "The password" },
  code: { field: "two_step_code", label: "The code" },
};

/** What a person can put right at the form. */
const mendable = ["invalid", "malformed", "too_many_requests"];

/** `POST /settings/two-step`: shows the app's secret. */
export async function startTwoStep(visit: Visit): Promise<Response> {
  try {
    return await setUpPage(visit, await visit.api.startTotp(field(visit.form, "two_step_password")));
  } catch (error) {
    return explained(visit, error);
  }
}

/** `POST /settings/two-step/confirm`: the app's first code turns it on. */
export async function confirmTwoStep(visit: Visit): Promise<Response> {
  try {
    const { recovery_codes } = await visit.api.confirmTotp(field(visit.form, "code"));
    return await recoveryCodesPage(visit, recovery_codes);
  } catch (error) {
    if (!(error instanceof Problem) || ![...mendable, "conflict"].includes(error.code)) throw error;
    if (error.code === "conflict")
      return seeOtherWith("/settings#two-step", { text: "That took too long. Start to set it up again." }, visit);
    const wrong = "That is not the code that the app shows now. Wait for the next one, and type that.";
    const errors: FieldErrors = error.code === "invalid" ? { code: wrong } : { "": error.detail };
    const app = { secret: field(visit.form, "secret"), uri: field(visit.form, "uri").slice(0, maxUriLength) };
    return setUpPage(visit, app, { errors, status: error.status });
  }
}

/** More does not fit into a QR code that a phone still reads. */
const maxUriLength = 600;

/** `POST /settings/two-step/off`. */
export async function turnOffTwoStep(visit: Visit): Promise<Response> {
  try {
    await visit.api.removeTotp({
      password: field(visit.form, "two_step_password"),
      code: field(visit.form, "two_step_code"),
    });
  } catch (error) {
    return explained(visit, error);
  }
  const text = "Two-step sign-in is off. Every other session has ended.";
  return seeOtherWith("/settings#two-step", { text }, visit);
}

/** The settings with what was wrong, at its place. */
async function explained(visit: Visit, error: unknown): Promise<Response> {
  if (!(error instanceof Problem) || ![...mendable, "conflict"].includes(error.code)) throw error;
  const errors = error.code === "conflict" ? { "": error.detail } : fieldErrors(error, places);
  return settingsPage(visit, { returned: { section: "two-step", errors }, status: error.status });
}
