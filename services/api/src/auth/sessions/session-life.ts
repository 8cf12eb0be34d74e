import type { ApiDeps } from "../../deps.ts";
import type { SessionClaims } from "../seals.ts";

/** A session unused for this long has ended. */
const maxIdleDays = 7;
const defaultMaxDays = 30;
/** A use is recorded this long after the last recorded one: not each request costs a write. */
const graceMs = 5 * 60_000;
const dayMs = 86_400_000;

export type Life = { createdAt: Date; expiresAt: Date };

/** How long a session lives: after it was made at most, and after its last use. Where tokens live longer than that, they decide. */
function limits({ sessionMinutes, sessionMaxDays = defaultMaxDays }: ApiDeps["settings"]) {
  const tokenMs = sessionMinutes * 60_000;
  return { mostMs: Math.max(sessionMaxDays * dayMs, tokenMs), idleMs: Math.max(maxIdleDays * dayMs, tokenMs) };
}

/** The life of a session that begins now. */
export function beginLife({ settings, clock }: ApiDeps): Life {
  const { mostMs, idleMs } = limits(settings);
  const createdAt = clock.now();
  return { createdAt, expiresAt: new Date(createdAt.getTime() + Math.min(mostMs, idleMs)) };
}

/** When a token made now runs out: never after its session. */
export const tokenEndOf = ({ sessionMinutes }: ApiDeps["settings"], { expiresAt }: Life, now: Date): Date =>
  new Date(Math.min(now.getTime() + sessionMinutes * 60_000, expiresAt.getTime()));

/** Whether this use should be recorded. */
export const isWorthNoting = (lastUsedAt: Date, now: Date): boolean => now.getTime() - lastUsedAt.getTime() >= graceMs;

/** Notes that a session was used now, and has it live on; null when it has ended. */
export async function noteUse(
  { sql, settings, clock }: ApiDeps,
  { userId, sessionId }: SessionClaims,
): Promise<Life | null> {
  const { mostMs, idleMs } = limits(settings);
  const now = clock.now();
  const [row] = await sql<{ created_at: Date; expires_at: Date }[]>`
    update api.sessions set last_used_at = ${now}, expires_at = least(
      created_at + ${mostMs} * interval '1 millisecond', ${now}::timestamptz + ${idleMs} * interval '1 millisecond')
    where user_id = ${userId} and id = ${sessionId} and expires_at > ${now}
    returning created_at, expires_at`;
  return row ? { createdAt: row.created_at, expiresAt: row.expires_at } : null;
}
