import type { Tx } from "@carillon/kit/database";
import type { ApiDeps } from "../deps.ts";
import { recipientOf } from "./recipient.ts";

/** Mails that one account and one address get, in the last hour and in the last 24 hours. */
const maxMails = { hour: 30, day: 200 };
/** Links that one address gets unasked by its owner: a stranger may have typed it. */
const maxLinks = { hour: 5, day: 10 };

const hourMs = 3_600_000;

/** A mail that is about to go out. `isLink`: it proves an address, which may not be its receiver's wish. */
export type Wish = { userId: string; id: string; generation: number; email: string; isLink?: boolean };

/** `limit`: a budget is used up. `stopped`: mail did not reach the address, or its owner complained. */
export type Verdict = "granted" | "limit" | "stopped";

type Used = { hour: number; day: number };

/**
 * Whether each mail may go out, in the same order, and its place in the budgets if so. Asked again for the same mail it is granted again:
 * a retry uses no budget.
 */
export async function grantMails(deps: ApiDeps, tx: Tx, wishes: readonly Wish[], now: Date): Promise<Verdict[]> {
  const [transport] = await tx<{ goes_out: boolean }[]>`select goes_out from api.mail_transport`;
  const isLimited = (transport?.goes_out ?? true) && deps.settings.ratePerMinute > 0;
  if (!isLimited || wishes.length === 0) return wishes.map(() => "granted");
  const asked = wishes.map((wish) => ({ ...wish, recipient: recipientOf(deps, wish.email).toString("hex") }));
  const recipients = [...new Set(asked.map(({ recipient }) => recipient))].sort();
  // In order: of two steps that ask for the same address one waits, and sees what the other was granted.
  for (const recipient of recipients) await tx`select pg_advisory_xact_lock(hashtextextended(${recipient}, 1))`;
  const known = await knownGrants(tx, asked);
  const stopped = await tx<{ recipient: Uint8Array }[]>`
    select recipient from api.stopped_addresses where recipient in ${hashesOf(tx, recipients)}`;
  const isStopped = new Set(stopped.map(({ recipient }) => Buffer.from(recipient).toString("hex")));
  const used = await usedBudgets(tx, { users: [...new Set(asked.map(({ userId }) => userId))], recipients, now });
  const verdicts = asked.map((wish): Verdict => {
    if (known.has(keyOf(wish))) return "granted";
    if (isStopped.has(wish.recipient) && !wish.isLink) return "stopped";
    const most = wish.isLink ? maxLinks : maxMails;
    const budgets = [used(wish.userId), used(wish.recipient)];
    if (budgets.some(({ hour, day }) => hour >= most.hour || day >= most.day)) return "limit";
    for (const budget of budgets) {
      budget.hour += 1;
      budget.day += 1;
    }
    return "granted";
  });
  const granted = asked.filter((wish, at) => verdicts[at] === "granted" && !known.has(keyOf(wish)));
  if (granted.length > 0)
    await tx`
      insert into api.mail_grants (user_id, id, generation, recipient, granted_at)
      select user_id, id, generation, decode(recipient, 'hex'), ${now}
      from jsonb_to_recordset(${tx.json(granted.map(rowOf))}) as row (user_id uuid, id uuid, generation integer, recipient text)
      on conflict do nothing`;
  return verdicts;
}

const rowOf = ({ userId, id, generation, recipient }: Wish & { recipient: string }) => ({
  user_id: userId,
  id,
  generation,
  recipient,
});

const hashesOf = (tx: Tx, recipients: string[]) =>
  tx`(select decode(one, 'hex') from unnest(${recipients}::text[]) one)`;

const keyOf = ({ userId, id, generation }: Wish): string => `${userId} ${id.toLowerCase()} ${generation}`;

async function knownGrants(tx: Tx, wishes: readonly Wish[]): Promise<Set<string>> {
  const rows = await tx<{ user_id: string; id: string; generation: number }[]>`
    select user_id, id, generation from api.mail_grants
    where user_id = any(${wishes.map(({ userId }) => userId)}::uuid[]) and id = any(${wishes.map(({ id }) => id)}::uuid[])`;
  return new Set(rows.map((row) => keyOf({ ...row, userId: row.user_id, email: "" })));
}

/** What each account and each address has used, by its id and its hash. */
async function usedBudgets(
  tx: Tx,
  { users, recipients, now }: { users: string[]; recipients: string[]; now: Date },
): Promise<(key: string) => Used> {
  const [hourAgo, dayAgo] = [new Date(now.getTime() - hourMs), new Date(now.getTime() - 24 * hourMs)];
  const rows = await tx<{ key: string; hour: number; day: number }[]>`
    select user_id::text as key, count(*) filter (where granted_at > ${hourAgo})::int4 as hour, count(*)::int4 as day
    from api.mail_grants where user_id = any(${users}::uuid[]) and granted_at > ${dayAgo} group by user_id
    union all
    select encode(recipient, 'hex'), count(*) filter (where granted_at > ${hourAgo})::int4, count(*)::int4
    from api.mail_grants where recipient in ${hashesOf(tx, recipients)} and granted_at > ${dayAgo} group by recipient`;
  const known = new Map(rows.map(({ key, hour, day }): [string, Used] => [key, { hour, day }]));
  return (key) => {
    const used = known.get(key) ?? { hour: 0, day: 0 };
    known.set(key, used);
    return used;
  };
}
