import { Problem } from "@carillon/kit/service";
import { field, jsonOf, localPath, readForm } from "../door/form.ts";
import { respond } from "../door/respond.ts";
import { seeOtherWith, type Web } from "../door/visit.ts";
import { browserOf, enter } from "./enter.ts";

type Context = { request: Request };

/** `POST /sign-in/passkey/options`: what the page's script gives the browser. */
export const passkeyOptions =
  (web: Web) =>
  async ({ request }: Context): Promise<Response> =>
    respond(JSON.stringify(await web.api.askPasskey(web.clientOf(request))), {
      headers: { "content-type": "application/json" },
    });

/** `POST /sign-in/passkey`: what the browser made of them. */
export const signInByPasskey =
  (web: Web) =>
  async ({ request }: Context): Promise<Response> => {
    const form = await readForm(request);
    const next = localPath(form.get("next"), "/today");
    try {
      const credential = jsonOf(field(form, "credential"));
      return enter(web, await web.api.enterByPasskey(credential, browserOf(web, request)), next);
    } catch (error) {
      if (!(error instanceof Problem) || !mendable.includes(error.code)) throw error;
      return seeOtherWith("/sign-in", { text: sentences[error.code] ?? error.detail }, web);
    }
  };

const mendable = ["unauthenticated", "invalid", "malformed", "too_many_requests"];
const refused = "This passkey opens no account here. Try again, or use your password.";
const sentences: Partial<Record<Problem["code"], string>> = {
  unauthenticated: refused,
  invalid: refused,
  malformed: refused,
};
