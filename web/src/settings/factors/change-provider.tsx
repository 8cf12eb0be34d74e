import { Problem } from "@carillon/kit/service";
import { nullWhenGone } from "../../api.ts";
import { field } from "../../door/form.ts";
import { onwardPage } from "../../door/onward-page.tsx";
import { writeFlow } from "../../door/provider-flow.ts";
import { seeOtherWith, type Visit } from "../../door/visit.ts";

const place = "/settings#provider";

/** What a person can put right. */
const mendable = ["unauthenticated", "forbidden", "conflict", "invalid", "too_many_requests", "unavailable"];

/** `POST /settings/provider`: on to the provider. */
export async function startProvider(visit: Visit): Promise<Response> {
  try {
    const { url, flow, expires_in } = await visit.api.startIdentity();
    const kept = { flow, next: place, timeZone: null, isLink: true };
    const cookie = writeFlow(kept, { secure: visit.secure, maxAgeSeconds: expires_in });
    const provider = (await visit.provider()) ?? "the provider";
    return await onwardPage(visit, { url: new URL(url).href, provider, cookie });
  } catch (error) {
    return explained(visit, error);
  }
}

/** The provider has sent the browser back. */
export async function connectProvider(
  visit: Visit,
  { flow, callback }: { flow: string; callback: string },
): Promise<Response> {
  try {
    const { provider } = await visit.api.createIdentity({ flow, callback_url: callback });
    return seeOtherWith(place, { text: `${provider} signs you in from now on.` }, visit);
  } catch (error) {
    return explained(visit, error);
  }
}

/** `POST /settings/provider/{id}/remove`. Succeeds if it is already gone. */
export async function removeProvider(visit: Visit): Promise<Response> {
  try {
    await visit.api.removeIdentity(visit.params.id ?? "").catch(nullWhenGone);
  } catch (error) {
    return explained(visit, error);
  }
  const text = `Disconnected ${field(visit.form, "name")}. Every other session has ended.`;
  return seeOtherWith(place, { text }, visit);
}

/** Back to the section, with what was wrong. A session that has ended is not of these. */
function explained(visit: Visit, error: unknown): Response {
  if (!(error instanceof Problem) || !mendable.includes(error.code)) throw error;
  return seeOtherWith(place, { text: error.detail }, visit);
}
