import type { Scope } from "@carillon/contracts/http/auth";
import type { Sql } from "@carillon/kit/database";
import { Problem } from "@carillon/kit/service";
import type { ApiDeps } from "../deps.ts";
import { accessTokenHash } from "./access-token.ts";
import type { Caller } from "./caller.ts";
import { type HabitsRow, habitColumns, toHabits } from "./habits.ts";
import { isWorthNoting, noteUse } from "./sessions/session-life.ts";
import { tokenEnd } from "./tokens/token-row.ts";

/** A valid credential: its user and its expiry (null: until it is revoked). */
export type Credential = { caller: Caller; expiresAt: Date | null };
/** Why a token is no valid credential, for the log alone: callers learn no difference. */
export type Refusal = "not ours or run out" | "ended";

/**
 * The token of `Authorization: Bearer …` (RFC 6750 §2.1), or null. A token in a query or a cookie is
 * never read.
 */
export const bearerOf = (request: Request): string | null =>
  /^Bearer +([\w.~+/-]+=*) *$/i.exec(request.headers.get("authorization") ?? "")?.[1] ?? null;

/**
 * The credential behind a session token or an access token, read from its row: one that has ended is
 * refused at once, on every replica.
 */
export async function authenticate(deps: ApiDeps, token: string): Promise<Credential | Refusal> {
  const hash = accessTokenHash(token);
  return hash ? ofAccessToken(deps, hash) : ofSession(deps, token);
}

/** The answer to a missing, wrong or expired credential. */
export const signInNeeded = (detail = "Sign in first, or send a valid token as Authorization: Bearer."): Problem =>
  new Problem("unauthenticated", detail, { headers: { "www-authenticate": "Bearer" } });

type UserPart = { time_zone: string; change_seq: number } & HabitsRow;
type SessionRow = { expires_at: Date; last_used_at: Date; proven_at: Date } & UserPart;

async function ofSession(deps: ApiDeps, token: string): Promise<Credential | Refusal> {
  const { sql, seals, clock } = deps;
  const now = clock.now();
  const claims = await seals.readSession(token, now);
  if (!claims) return "not ours or run out";
  const { userId, sessionId } = claims;
  const [row] = await sql<SessionRow[]>`
    select s.expires_at, s.last_used_at, s.proven_at, ${userPart(sql)}
    from api.sessions s join api.users u on u.id = s.user_id
    where s.user_id = ${userId} and s.id = ${sessionId} and s.expires_at > ${now}`;
  if (!row) return "ended";
  if (isWorthNoting(row.last_used_at, now)) await noteUse(deps, claims);
  return {
    caller: {
      kind: "session",
      userId,
      credentialId: sessionId,
      ...partOf(row),
      provenAt: row.proven_at,
    },
    expiresAt: new Date(Math.min(claims.expiresAt.getTime(), row.expires_at.getTime())),
  };
}

type TokenRow = {
  user_id: string;
  id: string;
  scope: Scope;
  expires_at: Date;
  last_used_at: Date | null;
} & UserPart;

const userPart = (sql: Sql) => sql`u.time_zone, u.change_seq::float8 as change_seq, ${habitColumns(sql)}`;

const partOf = (row: UserPart) => ({
  timeZone: row.time_zone,
  habits: toHabits(row),
  changeSeq: row.change_seq,
});

async function ofAccessToken({ sql, clock }: ApiDeps, hash: Uint8Array): Promise<Credential | Refusal> {
  const now = clock.now();
  const [row] = await sql<TokenRow[]>`
    select t.user_id, t.id, t.scope, t.expires_at, t.last_used_at, ${userPart(sql)}
    from (select user_id, id, scope, token_hash, ${tokenEnd(sql)} as expires_at, last_used_at from api.tokens) t
    join api.users u on u.id = t.user_id
    where t.token_hash = ${Buffer.from(hash)} and t.expires_at > ${now}`;
  if (!row) return "ended";
  if (row.last_used_at === null || isWorthNoting(row.last_used_at, now))
    await sql`update api.tokens set last_used_at = ${now} where user_id = ${row.user_id} and id = ${row.id}`;
  return {
    caller: {
      kind: "token",
      userId: row.user_id,
      credentialId: row.id,
      ...partOf(row),
      scope: row.scope,
    },
    expiresAt: row.expires_at,
  };
}
