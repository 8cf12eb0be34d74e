import { Problem } from "@carillon/kit/service";
import { readPreferences } from "../door/cookies.ts";
import { field, localPath, readForm } from "../door/form.ts";
import { html } from "../door/respond.ts";
import { seeOtherWith, type Web } from "../door/visit.ts";
import type { FieldErrors } from "../ui/field.tsx";
import { browserOf, enter } from "./enter.ts";
import { SecondStepPage } from "./second-step-page.tsx";

type Context = { request: Request };

/** The page that asks for a code, if that is what api's answer to a first step says; null for any other failure. */
export async function secondStepOf(error: unknown, request: Request, next: string): Promise<Response | null> {
  if (!(error instanceof Problem) || error.challenge === undefined) return null;
  return pageOf(request, { challenge: error.challenge, next, errors: {} });
}

/** `POST /sign-in/second`. */
export const takeSecondStep =
  (web: Web) =>
  async ({ request }: Context): Promise<Response> => {
    const form = await readForm(request);
    const next = localPath(form.get("next"), "/today");
    const challenge = field(form, "challenge");
    try {
      return enter(
        web,
        await web.api.secondStep({ challenge, code: field(form, "code") }, browserOf(web, request)),
        next,
      );
    } catch (error) {
      if (!(error instanceof Problem)) throw error;
      if (error.code === "unauthenticated")
        return seeOtherWith(
          "/sign-in",
          { text: "That took too long, or too many codes were wrong. Sign in again." },
          web,
        );
      const wrong = messageOf(error);
      if (wrong === null) throw error;
      return pageOf(request, { challenge, next, errors: wrong }, error);
    }
  };

function messageOf({ code, detail }: Problem): FieldErrors | null {
  if (code === "invalid")
    return { code: "That code is wrong or was used already. Wait for the next one, and type that." };
  return code === "too_many_requests" || code === "unavailable" ? { "": detail } : null;
}

async function pageOf(
  request: Request,
  state: { challenge: string; next: string; errors: FieldErrors },
  refused?: Problem,
): Promise<Response> {
  return html(SecondStepPage({ ...state, preferences: readPreferences(request) }), {
    status: refused?.status ?? 200,
    headers: refused?.headers ?? {},
  });
}
