import { zoneRelease } from "@carillon/calendar/zone";
import { type Claim, ClaimReminders } from "@carillon/contracts/http/reminders";
import { type Tx, transact } from "@carillon/kit/database";
import { answer, readBody, toResponse } from "@carillon/kit/http";
import type { InternalRoute } from "@carillon/kit/service";
import { isProven } from "../auth/index.ts";
import type { ApiDeps } from "../deps.ts";
import { grantMails } from "../mail/index.ts";
import { type Claimable, type Decision, decideClaim } from "./decide-claim.ts";
import { endReminders } from "./end-reminders.ts";
import type { Ending } from "./ending.ts";
import { type Ringing, spreadReminders } from "./spread-reminders.ts";
import { unsubscribeToken } from "./unsubscribe.ts";

/** For notification: may these reminders be sent now, to whom and with what? */
export const claimRemindersRoute = (deps: ApiDeps): InternalRoute => ({
  method: "POST",
  path: "/internal/reminders/claim",
  callers: ["notification"],
  handle: async ({ request }) => {
    const { reminders } = await readBody(request, ClaimReminders);
    return toResponse(answer(200, { reminders: await claimReminders(deps, reminders), zones: zoneRelease() }));
  },
});

type Plan = ClaimReminders["reminders"][number];

/**
 * An answer for each plan, in order. The owners' rows stay locked meanwhile, so a completion, deletion
 * or change has either committed before and is seen, or waits until the claim is over: a send
 * starts with its claim, and none starts after what cancels it.
 */
export async function claimReminders(deps: ApiDeps, plans: readonly Plan[]): Promise<Claim[]> {
  await seatOwners(deps, plans);
  const decisions = await transact(deps.sql, (tx) => decideAll(deps, tx, plans));
  const endings = decisions.flatMap((decision) => (decision.kind === "end" ? [decision.ending] : []));
  if (endings.length > 0) await endReminders(deps, endings);
  return decisions.map((decision) => (decision.kind === "answer" ? decision.claim : ended(decision.ending)));
}

/** What is left of a crowd of tasks is moved in the background; the bells of all others in this claim must not wait for it. */
const maxBatchesAClaim = 20;

/** A bell of a user whose dates are still those of older zone rules would ring at another hour than the one it was set for. */
async function seatOwners(deps: ApiDeps, plans: readonly Plan[]): Promise<void> {
  const owners = await deps.sql<{ id: string }[]>`
    select id from api.users
    where id in (select user_id from api.reminders where id = any(${plans.map(({ id }) => id)}::uuid[]))
      and (zone_release <> ${zoneRelease()} or days_zone <> time_zone)`;
  let batches = 0;
  for (const { id } of owners) {
    try {
      while (batches++ < maxBatchesAClaim && !(await deps.seatSome(id)));
    } catch (error) {
      deps.log.warn("a user's dates could not be moved before a reminder; it rings as it was set", {
        user_id: id,
        error,
      });
    }
  }
}

const ended = ({ id, generation, state, reason }: Ending): Claim => ({
  id,
  generation,
  outcome: "cancelled",
  state,
  reason,
});

async function decideAll(deps: ApiDeps, tx: Tx, plans: readonly Plan[]): Promise<Decision[]> {
  const { databaseNow, seals } = deps;
  const ids = [...new Set(plans.map(({ id }) => id.toLowerCase()))];
  // In order, so that two claims, or a claim and a writer, cannot deadlock.
  await tx`
    select from api.users where id in (select user_id from api.reminders where id = any(${ids}::uuid[]))
    order by id for share`;
  const rows = await tx<Claimable[]>`
    select r.id, r.remind_at, r.state, r.reason, r.generation, u.id as user_id, u.email, u.name, u.time_zone as user_time_zone, u.hour_cycle, u.date_order,
      u.notify_by_email, ${isProven(tx, "u")} as is_proven,
      t.id as task_id, t.title, t.due_at, t.all_day, t.time_zone as task_time_zone,
      exists (select from api.reminders o where o.user_id = r.user_id and o.task_id = r.task_id and o.remind_at = r.remind_at
        and o.position < r.position and o.state in ('pending', 'sent')) as is_double,
      (select s.state from api.channel_sends s where s.user_id = r.user_id and s.reminder_id = r.id and s.generation = r.generation
        and s.about = 'reminder' and s.channel_id = r.user_id) as mail_state,
      case when t.deleted_at is not null then 'deleted' when t.completed_at is not null then 'completed' end as over
    from api.reminders r
    join api.tasks t on t.user_id = r.user_id and t.id = r.task_id
    join api.users u on u.id = r.user_id
    where r.id = any(${ids}::uuid[])`;
  const found = new Map(rows.map((row) => [row.id, row]));
  const now = await databaseNow(tx);
  const decisions = plans.map((plan) =>
    decideClaim(plan, found.get(plan.id.toLowerCase()), now, (userId) => unsubscribeToken(seals, userId)),
  );
  const judged = await withinBudgets(deps, tx, decisions, now);
  const ringing = judged.flatMap((decision): Ringing[] => {
    const plan = decision.kind === "answer" ? decision.claim : decision.ending;
    const row = found.get(plan.id.toLowerCase());
    return row && ringsElsewhere(decision)
      ? [{ id: row.id, generation: plan.generation, userId: row.user_id, taskId: row.task_id }]
      : [];
  });
  await spreadReminders(deps, tx, ringing, now);
  return judged;
}

/** A reminder that is not mailed rings in its user's other channels all the same, unless nothing of it may ring. */
const ringsElsewhere = (decision: Decision): boolean =>
  decision.kind === "answer"
    ? decision.claim.outcome === "send"
    : ["mail_off", "mail_limit", "provider"].includes(decision.ending.reason ?? "");

/** What would be sent beyond a budget, or to an address that mail does not reach, is cancelled. */
async function withinBudgets(deps: ApiDeps, tx: Tx, decisions: Decision[], now: Date): Promise<Decision[]> {
  const sends = decisions.flatMap((decision) =>
    decision.kind === "answer" && decision.claim.outcome === "send" ? [decision.claim] : [],
  );
  const wishes = sends.map(({ id, generation, user }) => ({ userId: user.id, id, generation, email: user.email }));
  const verdicts = await grantMails(deps, tx, wishes, now);
  return decisions.map((decision) => {
    if (decision.kind !== "answer" || decision.claim.outcome !== "send") return decision;
    const verdict = verdicts[sends.indexOf(decision.claim)] ?? "granted";
    if (verdict === "granted") return decision;
    const { id, generation } = decision.claim;
    const reason = verdict === "limit" ? "mail_limit" : "provider";
    return { kind: "end", ending: { id, generation, state: "cancelled", reason, sentAt: null } };
  });
}
