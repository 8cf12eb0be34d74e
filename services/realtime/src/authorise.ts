import { secureSessionCookie, sessionCookie } from "@carillon/contracts/names";
import { cookieOf } from "@carillon/kit/http";
import { contextOf, Problem } from "@carillon/kit/service";
import type { Api } from "./ask-api.ts";
import { type Hub, sessionEnded } from "./hub.ts";

/** The owner of the future connection. */
export type Listener = { userId: string; sessionId: string; expiresAtMs: number | null; token: string };

type Credential = { token: string; from: "header" | "cookie" };

/** Real tokens are shorter; api rejects longer ones too. */
const longestToken = 4_096;

export type Authorise = (request: Request, connection: { kind: "sse" | "websocket" }) => Promise<Listener>;

/**
 * Finds out whose connection a request opens. The credential is the bearer token or the session
 * cookie; the query holds none. Browsers send the cookie for any page, so with it the `Origin`
 * must be one of ours: a WebSocket always has one, an SSE request only from another origin.
 *
 * @throws Problem 401 without a valid credential, 403 for a foreign origin, 429 or 503 when a limit
 * is reached, 503 when api is away.
 */
export function createAuthorise({
  api,
  hub,
  allowedOrigins,
}: {
  api: Api;
  hub: Hub;
  allowedOrigins: () => readonly string[];
}): Authorise {
  return async (request, { kind }) => {
    const { fields } = contextOf(request);
    fields.kind = kind;
    const credential = readCredential(request, allowedOrigins()[0]?.startsWith("https:") ?? false);
    if (!credential) throw sessionEnded();
    if (credential.from === "cookie") requireOwnOrigin(request, allowedOrigins(), kind);
    const whose = await api.whose(credential.token);
    if (whose.kind === "invalid") throw sessionEnded();
    if (whose.kind === "unknown") {
      throw new Problem("unavailable", "Your session cannot be checked right now. Try again shortly.", {
        headers: { "retry-after": "2" },
      });
    }
    const { user_id: userId, session_id: sessionId, expires_at: expiresAt } = whose.session;
    fields.user_id = userId;
    hub.admit({ userId, sessionId });
    return { userId, sessionId, expiresAtMs: instantMs(expiresAt), token: credential.token };
  };
}

export const instantMs = (text: string | null): number | null => (text === null ? null : Date.parse(text));

/** `isSecure`: people come by https, where only a cookie counts that no neighbouring host can plant. */
function readCredential(request: Request, isSecure: boolean): Credential | null {
  const header = request.headers.get("authorization");
  if (header !== null) return credential(/^Bearer +(\S+) *$/i.exec(header)?.[1], "header");
  const token = cookieOf(request, isSecure ? secureSessionCookie : sessionCookie);
  return token === null ? null : credential(token, "cookie");
}

const credential = (token: string | undefined, from: Credential["from"]): Credential | null =>
  token && token.length <= longestToken ? { token, from } : null;

function requireOwnOrigin(request: Request, allowed: readonly string[], kind: "sse" | "websocket"): void {
  const origin = request.headers.get("origin");
  if (origin === null && kind === "sse") return;
  if (origin === null || !allowed.includes(origin))
    throw new Problem("forbidden", "This page may not use your session.");
}

/**
 * The change after which the client wants to resume: `Last-Event-ID`, or `after` in the address of a
 * first connection, for which browsers send no such header. Null without one, "unreadable" for
 * anything that is not a change number of ours.
 */
export function lastEventId(request: Request): number | "unreadable" | null {
  const text = (request.headers.get("last-event-id") ?? new URL(request.url).searchParams.get("after"))?.trim() ?? "";
  if (text === "") return null;
  return /^\d{1,15}$/.test(text) ? Number(text) : "unreadable";
}
