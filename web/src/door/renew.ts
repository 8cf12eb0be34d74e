import { type Client, Problem } from "@carillon/kit/service";
import type { Api } from "../api.ts";

/** A session's token, and whether it is a new one that the browser does not have yet. */
export type Renewed = { session: string; isNew: boolean };

type Renewing = { api: Api; clock: { now(): Date } };

/**
 * The session under a token that holds for a while: the given one, or, when half of its time is over, a new one. Where none can be had just
 * now, a token that still holds will do.
 * @throws Problem "unauthenticated" when the session has ended.
 */
export async function renewWhenDue({ api, clock }: Renewing, session: string, client: Client): Promise<Renewed> {
  const life = lifeOf(session);
  const now = clock.now().getTime();
  if (life === null || now < (life.beginsMs + life.endsMs) / 2) return { session, isNew: false };
  try {
    const { access_token } = await api.renew(session, client);
    return { session: access_token, isNew: true };
  } catch (error) {
    const isOver = error instanceof Problem && error.code === "unauthenticated";
    if (isOver || now >= life.endsMs) throw error;
    return { session, isNew: false };
  }
}

/** When a token was made and runs out, as it says itself; api judges whether that is so. Null for what says nothing. */
function lifeOf(token: string): { beginsMs: number; endsMs: number } | null {
  try {
    const claims: unknown = JSON.parse(Buffer.from(token.split(".")[1] ?? "", "base64url").toString());
    if (typeof claims !== "object" || claims === null || !("iat" in claims) || !("exp" in claims)) return null;
    const [beginsMs, endsMs] = [Number(claims.iat) * 1_000, Number(claims.exp) * 1_000];
    return Number.isFinite(beginsMs + endsMs) ? { beginsMs, endsMs } : null;
  } catch {
    return null;
  }
}
