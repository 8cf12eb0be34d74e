import type { ReminderResult } from "@carillon/contracts/http/reminders";
import { metrics } from "@carillon/kit/observe";
import { Problem } from "@carillon/kit/service";
import { type Change, change } from "../change/change.ts";
import type { ApiDeps } from "../deps.ts";
import { type ReminderRow, type ReminderTurn, sayReminders, selectTasks, stateOf } from "../tasks/index.ts";
import { type Ending, planKey } from "./ending.ts";
import { endMailParts, outcomeOf, partsOf } from "./parts.ts";

/**
 * The effect of an ending: it is the reminder's state now, there was one before, there is a new plan,
 * or there is no such reminder.
 */
export type Taken = "noted" | "known" | "stale" | "gone";

/** The effect of each ending, by its plan: `planKey`. */
type Outcomes = Map<string, Taken>;

/** A report concerns a hundred users at most; half of the pool stays free for other requests. */
const usersAtOnce = 4;

const eventTypes = {
  sent: "reminder.sent",
  failed: "reminder.failed",
  missed: "reminder.missed",
  cancelled: "reminder.cancelled",
} as const;

/**
 * Ends reminders on behalf of notification, one transaction per user; idempotent. Every ending that
 * counts is published through the outbox; the task's change number moves with it (clients that sync
 * read the task again), its version does not.
 */
export async function endReminders(deps: ApiDeps, endings: readonly Ending[]): Promise<Outcomes> {
  const owners = await ownersOf(
    deps,
    endings.map(({ id }) => id),
  );
  const taken: Outcomes = new Map();
  const byUser = [...Map.groupBy(endings, ({ id }) => owners.get(id.toLowerCase()))];
  for (let at = 0; at < byUser.length; at += usersAtOnce) {
    const some = byUser.slice(at, at + usersAtOnce);
    await Promise.all(some.map(([userId, ofUser]) => endOfUser(deps, userId, ofUser, taken)));
  }
  return taken;
}

async function endOfUser(
  deps: ApiDeps,
  userId: string | undefined,
  endings: readonly Ending[],
  taken: Outcomes,
): Promise<void> {
  if (userId === undefined) return;
  const ending = change(deps, { userId, actor: "notification" }, async (current) => {
    const { over, waiting } = await endMailParts(current, endings);
    const outcomes = await endAll(current, over);
    // Another channel may still ring: the report is known, the reminder pending.
    for (const plan of waiting) outcomes.set(planKey(plan), "known");
    return outcomes;
  });
  const noted = await ending.catch(nothingOfErased);
  for (const [plan, what] of noted) taken.set(plan, what);
  for (const ending of endings) if (noted.get(planKey(ending)) === "noted") count(ending.state);
}

/** Ends the reminders whose last part has ended; within a change of their owner, by notification. */
export async function endByParts(current: Change, plans: readonly Pick<Ending, "id" | "generation">[]): Promise<void> {
  if (plans.length === 0) return;
  const parts = await partsOf(current, plans);
  const byKey = new Map(plans.map((plan) => [planKey(plan), plan]));
  const endings = [...byKey.values()].flatMap((plan): Ending[] => {
    const outcome = outcomeOf(parts(plan));
    return outcome ? [{ ...plan, ...outcome }] : [];
  });
  const noted = await endAll(current, endings);
  for (const ending of endings) if (noted.get(planKey(ending)) === "noted") count(ending.state);
}

async function ownersOf({ sql }: ApiDeps, ids: readonly string[]): Promise<Map<string, string>> {
  const rows = await sql<{ id: string; user_id: string }[]>`
    select id, user_id from api.reminders where id = any(${[...ids]}::uuid[]) order by user_id`;
  return new Map(rows.map((row) => [row.id, row.user_id]));
}

/** The user was erased after the lookup: there is no reminder any more. */
function nothingOfErased(error: unknown): Outcomes {
  if (error instanceof Problem && error.code === "unauthenticated") return new Map();
  throw error;
}

async function endAll(current: Change, endings: readonly Ending[]): Promise<Outcomes> {
  const { tx, userId } = current;
  const taken: Outcomes = new Map();
  const ids = endings.map(({ id }) => id);
  const tasks = await tx`
    ${selectTasks(tx)} from api.tasks t
    where t.user_id = ${userId} and t.id in (select task_id from api.reminders where user_id = ${userId} and id = any(${ids}::uuid[]))
    order by t.id`;
  for (const before of tasks.map(stateOf)) {
    const turns: ReminderTurn[] = [];
    const reminders = before.reminders.map((row) => {
      const ofRow = endings.filter(({ id }) => id.toLowerCase() === row.id);
      for (const ending of ofRow) taken.set(planKey(ending), judge(row, ending));
      const ending = ofRow.find((one) => judge(row, one) === "noted");
      if (!ending) return row;
      const { state, reason, sentAt, cause = null } = ending;
      const after: ReminderRow = { ...row, state, reason, sent_at: sentAt };
      turns.push({ type: eventTypes[state], before: row, after, cause });
      return after;
    });
    if (turns.length > 0)
      await write(current, before.row.id, turns, sayReminders(current, { ...before, reminders }, turns));
  }
  return taken;
}

/** A mail that went out counts, whatever changed meanwhile; every other ending must find the reminder pending. */
function judge(row: ReminderRow, { generation, state }: Ending): Taken {
  if (row.generation !== generation) return "stale";
  if (row.state === "pending") return "noted";
  return state === "sent" && row.state !== "sent" ? "noted" : "known";
}

async function write(
  { tx, userId }: Change,
  taskId: string,
  turns: readonly ReminderTurn[],
  seqs: ReadonlyMap<string, number>,
): Promise<void> {
  const rows = turns.flatMap(({ after }) => (after ? [{ ...after, change_seq: seqs.get(after.id) }] : []));
  await tx`
    update api.reminders r set state = ended.state, reason = ended.reason, sent_at = ended.sent_at, change_seq = ended.change_seq
    from jsonb_populate_recordset(null::api.reminders, ${tx.json(rows as never)}) ended
    where r.user_id = ${userId} and r.task_id = ${taskId} and r.id = ended.id`;
  const last = Math.max(...seqs.values());
  await tx`update api.tasks set change_seq = ${last} where user_id = ${userId} and id = ${taskId}`;
}

function count(state: Ending["state"]): void {
  if (state === "sent") metrics.remindersSent.inc();
  if (state === "failed") metrics.remindersFailed.inc();
  if (state === "missed") metrics.remindersMissed.inc();
}

/** The ending that a report of notification means; null for a mere attempt. */
export function endingOf({ id, generation, outcome, cause: given }: ReminderResult, at: Date): Ending | null {
  const cause = given ? { correlationId: given.correlation_id, causationId: given.causation_id } : null;
  const plan = { id, generation, cause };
  if (outcome === "sent") return { ...plan, state: "sent", reason: null, sentAt: at };
  if (outcome === "failed") return { ...plan, state: "failed", reason: "provider", sentAt: null };
  return outcome === "missed" ? { ...plan, state: "missed", reason: "too_late", sentAt: null } : null;
}
