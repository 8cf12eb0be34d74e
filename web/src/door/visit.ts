import type { User } from "@carillon/contracts/http/auth";
import type { TaskCounts } from "@carillon/contracts/http/tasks";
import { cookieOf } from "@carillon/kit/http";
import type { Clock } from "@carillon/kit/ports";
import { type Client, contextOf, Problem } from "@carillon/kit/service";
import type { Api, UserApi } from "../api.ts";
import { flashCookie, type Preferences, readPreferences, readSession, writeCookie, writeSession } from "./cookies.ts";
import { type Flash, readFlash, writeFlash } from "./flash.ts";
import { readForm } from "./form.ts";
import { proofField, wrongProof } from "./proof-page.tsx";
import { renewWhenDue } from "./renew.ts";
import { type Part, partOf, seeOther } from "./respond.ts";

/** The dependencies of every page. `secure`: cookies go over https only. */
export type Web = {
  api: Api;
  clock: Clock;
  secure: boolean;
  /** Where users reach the product. */
  publicUrl: URL;
  /** The origin of a request. */
  clientOf: (request: Request) => Client;
  /** The sign-in provider's name; null without one. */
  provider: () => Promise<string | null>;
  countPage: (userId: string) => void;
  /** A fresh Idempotency-Key for a form. */
  newKey: () => string;
};

/** One request of a signed-in user. `live`: a window refreshed itself and does not show messages. */
export type Visit = {
  request: Request;
  url: URL;
  params: Record<string, string>;
  /** The posted fields; empty for a GET. */
  form: URLSearchParams;
  api: UserApi;
  user: User;
  now: Date;
  part: Part;
  live: boolean;
  preferences: Preferences;
  flash: Flash | null;
  secure: boolean;
  publicUrl: URL;
  newKey: () => string;
  /** The sign-in provider's name; null without one. */
  provider: () => Promise<string | null>;
  /** The visitor's counts, read once however often they are asked for. */
  counts: () => Promise<TaskCounts>;
};

export type RouteContext = { request: Request; params: Record<string, string> };

/**
 * A route for signed-in users: the session, zone, preferences and messages, given to `handler`.
 * @throws Problem "unauthenticated" without a session that api knows, "too_many_requests" above the
 * limit.
 */
export const signedIn =
  (web: Web, handler: (visit: Visit) => Promise<Response>) =>
  async ({ request, params }: RouteContext): Promise<Response> => {
    // Read first, so that any later failure can offer to send it again.
    const form = request.method === "POST" ? await readForm(request) : new URLSearchParams();
    const session = readSession(request, web);
    if (session === null) throw new Problem("unauthenticated", "Sign in to see your tasks.");
    const client = web.clientOf(request);
    const renewed = await renewWhenDue(web, session, client);
    const api = web.api.as(renewed.session, client);
    await proveWith(api, form);
    const user = await api.me();
    contextOf(request).fields.user_id = user.id;
    web.countPage(user.id);
    const live = request.headers.has("x-live");
    const response = await handler({
      request,
      url: new URL(request.url),
      params,
      form,
      api,
      user,
      now: web.clock.now(),
      part: partOf(request),
      live,
      preferences: readPreferences(request),
      flash: live ? null : readFlash(cookieOf(request, flashCookie)),
      secure: web.secure,
      publicUrl: web.publicUrl,
      newKey: web.newKey,
      provider: web.provider,
      counts: onceOnly(() => api.countTasks()),
    });
    if (renewed.isNew) giveSession(response, renewed.session, web);
    return response;
  };

/** Proves the password that a form brings along, and takes it out of the form. @throws Problem "proof_required" when it is wrong. */
async function proveWith(api: UserApi, form: URLSearchParams): Promise<void> {
  const password = form.get(proofField);
  if (password === null) return;
  form.delete(proofField);
  await api.prove(password).catch((error: unknown) => {
    if (!(error instanceof Problem) || error.code !== "invalid") throw error;
    throw new Problem("proof_required", wrongProof, { cause: error });
  });
}

/** Adds the new token's cookie, unless the answer ends the session. */
function giveSession(response: Response, session: string, web: Web): void {
  const line = writeSession(session, web);
  const isSaid = response.headers.getSetCookie().some((one) => one.split("=")[0] === line.split("=")[0]);
  if (!isSaid) response.headers.append("set-cookie", line);
}

/** Back to a page that then says `flash` once. */
export function seeOtherWith(
  path: string,
  flash: Flash,
  { secure }: { secure: boolean },
  cookies: readonly string[] = [],
): Response {
  return seeOther(path, [...cookies, writeCookie(flashCookie, writeFlash(flash), { secure, maxAgeSeconds: 60 })]);
}

/** The value read at the first call, and again at none after it. */
function onceOnly<Value>(read: () => Promise<Value>): () => Promise<Value> {
  let known: { value: Value } | undefined;
  return async () => {
    known ??= { value: await read() };
    return known.value;
  };
}
