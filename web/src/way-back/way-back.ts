import { Problem } from "@carillon/kit/service";
import { readPreferences } from "../door/cookies.ts";
import { field, readForm } from "../door/form.ts";
import { html } from "../door/respond.ts";
import { type RouteContext, seeOtherWith, type Web } from "../door/visit.ts";
import type { FieldErrors } from "../ui/field.tsx";
import { fieldErrors } from "../ui/field-errors.ts";
import { AskedPage, ForgotPage, LinkIsOverPage, ResetPage } from "./way-back-page.tsx";

/** `GET /forgot`. */
export const showForgot = async ({ request }: RouteContext): Promise<Response> =>
  html(ForgotPage({ email: "", errors: {}, preferences: readPreferences(request) }));

/** `POST /forgot`: the same page for every address. */
export const askForLink =
  (web: Web) =>
  async ({ request }: RouteContext): Promise<Response> => {
    const email = field(await readForm(request), "email");
    const preferences = readPreferences(request);
    try {
      await web.api.forgot({ email }, web.clientOf(request));
      return html(AskedPage({ preferences }), { status: 202 });
    } catch (error) {
      const { status, headers, errors } = mended(error, {});
      return html(ForgotPage({ email, errors, preferences }), { status, headers });
    }
  };

/** `GET /reset/{token}`: a form and nothing else, for mail programs look at links by themselves. */
export const showReset = async ({ request }: RouteContext): Promise<Response> =>
  html(ResetPage({ path: new URL(request.url).pathname, errors: {}, preferences: readPreferences(request) }));

/** `POST /reset/{token}`. */
export const setPassword =
  (web: Web) =>
  async ({ request, params }: RouteContext): Promise<Response> => {
    const form = await readForm(request);
    const body = { token: params.token ?? "", new_password: field(form, "new_password") };
    const preferences = readPreferences(request);
    try {
      await web.api.reset(body, web.clientOf(request));
    } catch (error) {
      if (isOver(error)) return html(LinkIsOverPage({ preferences }), { status: 422 });
      const { status, headers, errors } = mended(error, places);
      return html(ResetPage({ path: new URL(request.url).pathname, errors, preferences }), { status, headers });
    }
    return seeOtherWith("/sign-in", { text: "Your new password is set. Sign in with it." }, web);
  };

const places = { new_password: { field: "new_password", label: "The password" } };

/** api says of the link itself that it opens nothing. */
const isOver = (error: unknown): boolean =>
  error instanceof Problem && (error.errors ?? []).some(({ pointer }) => pointer === "/token");

type Mended = { status: number; headers: Record<string, string>; errors: FieldErrors };

/** What a person can put right is shown next to its field; every other failure has a page of its own. */
function mended(error: unknown, at: typeof places | Record<string, never>): Mended {
  if (!(error instanceof Problem) || !["invalid", "malformed", "too_many_requests", "unavailable"].includes(error.code))
    throw error;
  return { status: error.status, headers: { ...error.headers }, errors: fieldErrors(error, at) };
}
