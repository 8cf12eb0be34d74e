import { contextOf, createTurns, notFound, Problem } from "@carillon/kit/service";
import type { ApiDeps } from "../deps.ts";
import { aliasOf } from "./alias.ts";
import { authenticate, bearerOf, signInNeeded } from "./authenticate.ts";
import { type Caller, setCaller } from "./caller.ts";
import { answerPreflight, isPreflight } from "./cors.ts";
import { requireOwnAddress } from "./own-address.ts";
import { countRequest } from "./rate-limit.ts";
import { logSecurity } from "./security-log.ts";

const guarded = /^\/(api|mcp)(\/|$)/;
/** Posts that only compute an answer, or hold each call within to the scope by themselves: a token that may only read may ask. */
const computes = new Set(["/api/tasks/parse", "/api/recurrence/preview", "/mcp"]);
/** Where programs of a person's own machine ask, and pages of others must not. */
const forPrograms = /^\/mcp(\/|$)/;
/** Of these a renewal reads the token by itself, for it takes one that has run out. */
const openToStrangers = /^\/api\/(signup|signin(\/second)?|auth\/(renew|forgot|reset|verify))\/?$/;

/**
 * Runs before routing. Under `/api` only sign-up and sign-in pass without a valid credential, so that
 * other callers do not even learn which paths exist; it also applies the rate limit, queues each
 * user's requests, enforces the scope of access tokens and resolves `/api/{user_id}/…`. Documents
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
    const credential = token === null ? null : await authenticate(deps, token);
    if (!credential) throw signInNeeded();
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
    requireScope(deps, caller, request);
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

function requireScope(deps: ApiDeps, caller: Caller, request: Request): void {
  const { method } = request;
  if (caller.kind === "session" || caller.scope === "write" || method === "GET" || method === "HEAD") return;
  const { path } = contextOf(request);
  if (method === "POST" && computes.has(aliasOf(path)?.canonical ?? path)) return;
  logSecurity(deps, request, { event: "scope check", subject: { user_id: caller.userId }, outcome: "failed" });
  throw new Problem("forbidden", "This access token may only read.", {
    headers: { "www-authenticate": 'Bearer error="insufficient_scope", scope="write"' },
  });
}
