import type { ApiDeps } from "../../deps.ts";

const dayOf = (now: Date): string => now.toISOString().slice(0, 10);

/** Tokens of a model that the user's chats took today (UTC). */
export async function tokensToday({ sql, clock }: ApiDeps, userId: string): Promise<number> {
  const [row] = await sql<{ tokens: number }[]>`
    select tokens from api.chat_usage where user_id = ${userId} and used_on = ${dayOf(clock.now())}`;
  return row?.tokens ?? 0;
}

/** Counts tokens of a model; days before are forgotten. */
export async function countTokens({ sql, clock }: ApiDeps, userId: string, tokens: number): Promise<void> {
  const day = dayOf(clock.now());
  await sql`delete from api.chat_usage where user_id = ${userId} and used_on < ${day}`;
  await sql`
    insert into api.chat_usage as usage (user_id, used_on, tokens) values (${userId}, ${day}, ${tokens})
    on conflict (user_id, used_on) do update set tokens = usage.tokens + excluded.tokens`;
}

/** Whole seconds until tokens count from zero again. */
export const secondsToMidnight = (now: Date): number => Math.ceil((86_400_000 - (now.getTime() % 86_400_000)) / 1_000);
