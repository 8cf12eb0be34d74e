import { Problem } from "@carillon/kit/service";
import { localPath } from "../door/form.ts";
import { clearFlow, type KeptFlow, readFlow, writeFlow } from "../door/provider-flow.ts";
import { respond } from "../door/respond.ts";
import { type RouteContext, seeOtherWith, signedIn, type Web } from "../door/visit.ts";
import { connectProvider } from "../settings/index.ts";
import { browserOf, enter } from "./enter.ts";
import { secondStepOf } from "./second-step.ts";

/** `GET /sign-in/provider`: to the provider's page. A link and no form, for a form's way is held to this site. */
export const goToProvider =
  (web: Web) =>
  async ({ request }: RouteContext): Promise<Response> => {
    const query = new URL(request.url).searchParams;
    try {
      const { url, flow, expires_in } = await web.api.startProvider(query.has("again"), browserOf(web, request));
      const next = localPath(query.get("next"), "/today");
      const kept = { flow, next, timeZone: query.get("time_zone"), isLink: false };
      const cookies = [writeFlow(kept, { secure: web.secure, maxAgeSeconds: expires_in })];
      return respond(null, { status: 303, headers: { location: new URL(url).href }, cookies });
    } catch (error) {
      return refused(web, error);
    }
  };

/** `GET /sign-in/provider/callback`: where the provider sends the browser back. */
export const returnFromProvider =
  (web: Web) =>
  async (context: RouteContext): Promise<Response> => {
    const { request } = context;
    const kept = readFlow(request, web);
    const { pathname, search } = new URL(request.url);
    const callback = `${web.publicUrl.origin}${pathname}${search}`;
    const response = kept?.isLink
      ? await signedIn(web, async (visit) => connectProvider(visit, { flow: kept.flow, callback }))(context)
      : await enterByProvider(web, request, kept, callback);
    response.headers.append("set-cookie", clearFlow(web));
    return response;
  };

async function enterByProvider(web: Web, request: Request, kept: KeptFlow | null, callback: string): Promise<Response> {
  const { flow = "", next = "/today", timeZone = null } = kept ?? {};
  try {
    const body = { flow, callback_url: callback, time_zone: timeZone };
    return enter(web, await web.api.enterByProvider(body, browserOf(web, request)), next);
  } catch (error) {
    return (await secondStepOf(error, request, next)) ?? refused(web, error);
  }
}

/** Back to the page with the other ways in. */
function refused(web: Web, error: unknown): Response {
  if (!(error instanceof Problem) || !explained.includes(error.code)) throw error;
  return seeOtherWith("/sign-in", { text: sentences[error.code] ?? error.detail }, web);
}

const explained = [
  "unauthenticated",
  "forbidden",
  "not_found",
  "conflict",
  "invalid",
  "too_many_requests",
  "unavailable",
];

const sentences: Partial<Record<Problem["code"], string>> = {
  not_found: "There is no such way to sign in here.",
  invalid: "That answer of the provider cannot be read. Start again.",
};
