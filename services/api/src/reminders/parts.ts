import type { Change } from "../change/change.ts";
import type { Ending } from "./ending.ts";

/** The part of a reminder that one channel rings; a reminder that is only mailed has none. */
type Part = {
  reminder_id: string;
  generation: number;
  kind: string;
  state: "pending" | Ending["state"];
  reason: Ending["reason"];
  sent_at: Date | null;
};

type Plan = { id: string; generation: number };
type Outcome = Pick<Ending, "state" | "reason" | "sentAt">;

/** How the reminder ended: it rang if one channel did; null while one may still ring. */
export function outcomeOf(parts: readonly Omit<Part, "reminder_id" | "generation">[]): Outcome | null {
  const sent = parts.filter(({ state }) => state === "sent").sort((a, b) => Number(a.sent_at) - Number(b.sent_at));
  if (sent[0]) return { state: "sent", reason: null, sentAt: sent[0].sent_at };
  if (parts.some(({ state }) => state === "pending")) return null;
  if (parts.some(({ state }) => state === "failed")) return { state: "failed", reason: "provider", sentAt: null };
  if (parts.some(({ state }) => state === "missed")) return { state: "missed", reason: "too_late", sentAt: null };
  const mail = parts.find(({ kind }) => kind === "email");
  return { state: "cancelled", reason: mail?.reason ?? "mail_off", sentAt: null };
}

/** The parts of each plan, by its key. */
export async function partsOf(
  { tx, userId }: Pick<Change, "tx" | "userId">,
  plans: readonly Plan[],
): Promise<(plan: Plan) => Part[]> {
  const rows = await tx<Part[]>`
    select reminder_id, generation, kind, state, reason, sent_at from api.channel_sends
    where user_id = ${userId} and reminder_id = any(${plans.map(({ id }) => id)}::uuid[]) and about = 'reminder'`;
  return ({ id, generation }) =>
    rows.filter((row) => row.reminder_id === id.toLowerCase() && row.generation === generation);
}

/**
 * The endings that are the reminder's own. One of a reminder that other channels ring too ends the part that is mailed, and the
 * reminder only with its last part.
 */
export async function endMailParts(
  current: Pick<Change, "tx" | "userId" | "now">,
  endings: readonly Ending[],
): Promise<{ over: Ending[]; waiting: Ending[] }> {
  const { tx, userId, now } = current;
  const rows = endings.map(({ id, generation, state, reason, sentAt }) => ({
    id,
    generation,
    state,
    reason,
    sent_at: sentAt,
  }));
  const known = await tx`
    with row as (
      select * from jsonb_to_recordset(${tx.json(rows as never)}) as
        row (id uuid, generation integer, state text, reason text, sent_at timestamptz)
    ), ended as (
      update api.channel_sends s set state = row.state, reason = row.reason, sent_at = row.sent_at, ended_at = ${now}::timestamptz
      from row where s.user_id = ${userId} and s.reminder_id = row.id and s.generation = row.generation and s.about = 'reminder'
        and s.kind = 'email' and (s.state = 'pending' or row.state = 'sent' and s.state <> 'sent')
    )
    select from api.channel_sends s join row on s.reminder_id = row.id
    where s.user_id = ${userId} and s.about = 'reminder' limit 1`;
  if (known.count === 0) return { over: [...endings], waiting: [] };
  const parts = await partsOf(current, endings);
  const over: Ending[] = [];
  const waiting: Ending[] = [];
  for (const ending of endings) {
    const of = parts(ending);
    const outcome = of.length === 0 ? ending : outcomeOf(of);
    if (outcome) over.push({ ...ending, ...outcome });
    else waiting.push(ending);
  }
  return { over, waiting };
}
