import type { SignedIn } from "@carillon/contracts/http/auth";
import type { Db } from "@carillon/kit/database";
import type { ApiDeps } from "../deps.ts";
import { toUser, type UserRow } from "./user.ts";

/** The answer of sign-up and sign-in: a new session of this user, and the token that names it. */
export async function openSession(deps: ApiDeps, db: Db, user: UserRow): Promise<SignedIn> {
  const lifetimeSeconds = deps.settings.sessionMinutes * 60;
  const sessionId = deps.newId();
  const issuedAt = deps.clock.now();
  const expiresAt = new Date(issuedAt.getTime() + lifetimeSeconds * 1_000);
  await db`
    insert into api.sessions (user_id, id, created_at, expires_at) values (${user.id}, ${sessionId}, ${issuedAt}, ${expiresAt})`;
  return {
    user: toUser(user),
    access_token: await deps.seals.issueSession({ userId: user.id, sessionId, issuedAt, expiresAt }),
    token_type: "Bearer",
    expires_in: lifetimeSeconds,
  };
}
