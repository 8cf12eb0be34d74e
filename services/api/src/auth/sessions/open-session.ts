import type { SignedIn } from "@carillon/contracts/http/auth";
import type { Db } from "@carillon/kit/database";
import type { ApiDeps } from "../../deps.ts";
import { toUser, type UserRow } from "../user.ts";
import { beginLife, type Life, tokenEndOf } from "./session-life.ts";

/** The origin of a sign-in: the client in words, and its address where one is known. */
export type Origin = {
  client: string;
  address: string | null;
  /** When the user last proved a password or factor, where that is not now; null: never. */
  provenAt?: Date | null | undefined;
};

/** The answer of sign-up and sign-in: a new session of this user, and the token that names it. */
export async function openSession(deps: ApiDeps, db: Db, user: UserRow, from: Origin): Promise<SignedIn> {
  const sessionId = deps.newId();
  const life = beginLife(deps);
  const { createdAt } = life;
  const provenAt = from.provenAt === undefined ? createdAt : (from.provenAt ?? new Date(0));
  await db`
    insert into api.sessions (user_id, id, created_at, last_used_at, proven_at, expires_at, client, address)
    values (${user.id}, ${sessionId}, ${createdAt}, ${createdAt}, ${provenAt}, ${life.expiresAt}, ${from.client}, ${from.address})`;
  return nameSession(deps, user, sessionId, life);
}

/** A token that names the session from now on; the ones made before it go on until they run out. */
export async function nameSession(deps: ApiDeps, user: UserRow, sessionId: string, life: Life): Promise<SignedIn> {
  const issuedAt = deps.clock.now();
  const expiresAt = tokenEndOf(deps.settings, life, issuedAt);
  return {
    user: toUser(user),
    access_token: await deps.seals.issueSession({ userId: user.id, sessionId, issuedAt, expiresAt }),
    token_type: "Bearer",
    expires_in: Math.floor((expiresAt.getTime() - issuedAt.getTime()) / 1_000),
  };
}
