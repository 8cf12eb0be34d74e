import { contextOf, createTurns, notFound } from "@carillon/kit/service";
import type { ApiDeps } from "../deps.ts";
import { aliasOf } from "./alias.ts";
import { authenticate, bearerOf, signInNeeded } from "./authenticate.ts";
import { type Caller, setCaller } from "./caller.ts";
import { answerPreflight, isPreflight } from "./cors.ts";
import { requireOwnAddress } from "./own-address.ts";
import { countRequest } from "./rate-limit.ts";

const guarded = /^\/(api|mcp)(\/|$)/;
/** Where programs of a person's own machine ask, and pages of others must not. */
const forPrograms = /^\/mcp(\/|$)/;
/** Of these a renewal reads the token by itself, for it takes one that has run out. */
const openToStrangers =
  /^\/api\/(signup|signin(\/second|\/passkey(\/options)?|\/oidc(\/start)?)?|auth\/(renew|forgot|reset|verify)|webhooks\/resend|stats)\/?$/;

/**
 * Runs before routing. Under `/api` only sign-up and sign-in pass without a valid credential, so that
 * other callers do not even learn which paths exist; it also applies the rate limit, queues each
 * user's requests and resolves `/api/{user_id}/…`. Documents
 * and health are public, and routes for neighbours have the service's own guard.
 *
 * @throws Problem 401, 403, 404 (another user's id in the path) or 429.
 */
export function createGuard(deps: ApiDeps): (request: Request) => Promise<Request | Response> {
  const turns = createTurns();
  return async (request) => {
    const context = contextOf(request);
    const { path, fields } = context;
    if (!guarded.test(path)) return request;
    if (isPreflight(request)) return answerPreflight(deps.settings.corsOrigins, request);
    if (openToStrangers.test(path)) return request;
    if (forPrograms.test(path)) requireOwnAddress(deps, request);
    const token = bearerOf(request);
    const credential = token === null ? "no token" : await authenticate(deps, token);
    if (typeof credential === "string") {
      fields.refused = credential;
      throw signInNeeded();
    }
    const { caller } = credential;
    fields.user_id = caller.userId;
    fields.credential = caller.kind;
    await countRequest(deps, request, caller.userId);
    context.release = await turns.take({
      userId: caller.userId,
      credential: caller.credentialId,
      signal: request.signal,
    });
    const routed = resolveAlias(deps, request, path, caller);
    setCaller(routed, caller);
    return routed;
  };
}

/** The request under its canonical path, with method, headers, signal and the unread body. */
function resolveAlias({ log }: ApiDeps, request: Request, path: string, caller: Caller): Request {
  const alias = aliasOf(path);
  if (!alias) return request;
  if (alias.userId !== caller.userId) {
    log.warn("path names another user", { user_id: caller.userId, path_user_id: alias.userId });
    throw notFound();
  }
  const url = new URL(request.url);
  url.pathname = alias.canonical;
  return new Request(url, request);
}
