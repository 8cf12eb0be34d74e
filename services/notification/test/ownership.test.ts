import { afterAll, expect, test } from "bun:test";
import { connect } from "@carillon/kit/database";
import { testDatabase } from "@carillon/testing/database";
import { createMutator, judgeClauses, type Trial } from "@carillon/testing/owner-clauses";
import { takeToArm, takeToClear } from "../src/ledger/alarms.ts";
import { callOffAll, removeAll } from "../src/ledger/erase.ts";
import { forgetOld } from "../src/ledger/figures.ts";
import { adopt, announce, forget } from "../src/ledger/plans.ts";
import { takeReports } from "../src/ledger/reports.ts";
import { settle, type Try, take } from "../src/ledger/sends.ts";
import type { Plan } from "../src/plan.ts";

const mutator = createMutator({ service: "notification" });
const database = await testDatabase({ migrations: ["notification"] });
const service = connect(database.urlFor("notification"), { max: 2, name: "ownership" });
const sql = mutator.wrap(service);
afterAll(async () => {
  await service.end();
  await database.close();
});

const me = "018f0000-0000-7000-8000-0000000000aa";
/** Before and after the caller in every index. */
const others = ["018f0000-0000-7000-8000-000000000001", "018f0000-0000-7000-8000-0000000000ff"];
const third = "018f0000-0000-7000-8000-0000000000bb";
const lease = "018f0000-0000-7000-b000-000000000001";
const idOf = (at: number): string => `018f0000-0000-7000-9000-${String(at).padStart(12, "0")}`;

/** The caller's plans: due, without an alarm, called off, to be told, of long ago, under way, called off by mistake, alone in its reminder. */
const mine = `
  (1, 1, 'pending', -1, null, null, null, null), (2, 1, 'pending', 60, null, null, null, null),
  (3, 1, 'cancelled', 60, null, -1, null, -1), (4, 1, 'sent', -5, null, null, -1, -1),
  (5, 1, 'sent', -50000, null, null, null, -50000), (6, 1, 'pending', -1, '${lease}', -1, null, null),
  (7, 1, 'cancelled', -5, null, null, null, -4), (11, 1, 'sent', -5, null, -1, null, -1)`;
/** The other's of the very same ids have ended long since and wait for nothing, but for two plans that are still to ring. */
const theirs = `
  ${[1, 2, 3, 4, 5, 6, 7].map((at) => `(${at}, 1, 'failed', -900, null, null, null, -900)`).join()},
  (8, 1, 'pending', 60, null, -1, null, null), (9, 1, 'pending', 60, null, -1, null, null), (9, 3, 'sent', -5, null, -1, null, -1)`;

const planOf = (userId: string, at: number, generation: number): Plan => ({
  userId,
  reminderId: idOf(at),
  generation,
  taskId: idOf(100 + at),
  remindAt: new Date("2026-11-01T09:00:00Z"),
  traceparent: null,
  cause: null,
});
const sent: Try = {
  id: idOf(900),
  lease,
  taken: { ...planOf(me, 6, 1), attempts: 1, correlationId: null, causationId: null },
  settled: { kind: "sent", at: new Date("2026-11-01T09:00:00Z"), messageId: "<x@example.com>" },
  traceparent: "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01",
};

/** Everything the ledger does that names an owner. Steps that know a reminder by its id alone are none of them: ids are random. */
const works: Record<string, () => PromiseLike<unknown>> = {
  // In one batch with the third's: whose plan is the newest is asked within it.
  announce: () => announce(sql, [planOf(third, 9, 5), planOf(me, 9, 2), planOf(third, 10, 5), planOf(me, 10, 2)], []),
  "call off": () => announce(sql, [], [{ ...planOf(me, 2, 1), reason: "completed" }]),
  adopt: () => adopt(sql, [planOf(me, 7, 1), planOf(me, 12, 1)]),
  forget: () => forget(sql, [planOf(me, 11, 1)]),
  "forget what is old": () => forgetOld(sql),
  take: () => take(sql, lease, 10, 1_000),
  settle: () => settle(sql, [sent]),
  "take to arm": () => takeToArm(sql, 10),
  "take to clear": () => takeToClear(sql, 10),
  "take reports": () => takeReports(sql, 10),
  "call off all": () => callOffAll(sql, me),
  "remove all": () => removeAll(sql, me),
};

async function give(userId: string, plans: string): Promise<void> {
  const isMine = userId === me;
  const after = (column: string) => `now() + ${column}::float8 * interval '1 minute'`;
  await database.sql.unsafe(`
    insert into notification.deliveries
      (user_id, reminder_id, generation, task_id, remind_at, status, next_try_at, lease, armed_at, report_at, ended_at)
    select '${userId}', ('018f0000-0000-7000-9000-' || lpad(at::text, 12, '0'))::uuid, generation, '${idOf(100)}', ${after("due")}, status,
      ${after("due")}, lease::uuid, ${after("armed")}, ${after("report")}, ${after("ended")}
    from (values ${plans}, (99, 1, 'sent', -5.0, null, -1.0, null, -1.0)) as given (at, generation, status, due, lease, armed, report, ended)`);
  await database.sql.unsafe(`
    insert into notification.notification_log (user_id, id, task_id, reminder_id, generation, notification_type, status, created_at)
    values ('${userId}', '${idOf(700)}', '${idOf(100)}', '${idOf(11)}', 1, 'reminder_email', 'sent', now() - interval '${isMine ? 31 : 1} days')`);
}

/** A user's rows; of instants only whether there is one. */
const outline = async (userId: string) => [
  await database.sql`
    select reminder_id, generation, status, reason, attempts, lease, armed_at is null as unarmed, report_at is null as known,
      ended_at is null as open, sent_at is null as unsent
    from notification.deliveries where user_id = ${userId} order by reminder_id, generation`,
  await database.sql`select reminder_id, id, status from notification.notification_log where user_id = ${userId} order by id`,
];

const everything = async (userId: string | null) =>
  JSON.stringify(
    await database.sql`
      select (select jsonb_agg(d order by reminder_id, generation) from notification.deliveries d where user_id = ${userId}) as plans,
        (select jsonb_agg(l order by id) from notification.notification_log l where user_id = ${userId}) as log`,
  );

async function comesTo(work: () => PromiseLike<unknown>, other: string | null) {
  await database.sql`truncate notification.deliveries, notification.notification_log`;
  // The other's rows come first, so the caller's stand behind them.
  if (other) await give(other, theirs);
  await give(me, mine);
  const before = await everything(other);
  const answer = JSON.stringify(await work(), (name, value) => (/At$|^at$/.test(name) ? undefined : value));
  const outcome = { answer, own: await outline(me), thirds: await outline(third) };
  return { outcome, areOthersKept: (await everything(other)) === before };
}
type Outcome = Awaited<ReturnType<typeof comesTo>>["outcome"];

const trials = Object.entries(works).map(
  ([name, work]): Trial<Outcome> => ({
    name,
    alone: async () => (await comesTo(work, null)).outcome,
    async isKept(alone) {
      for (const other of others) {
        const beside = await comesTo(work, other).catch(() => null);
        if (!beside?.areOthersKept || !Bun.deepEquals(beside.outcome, alone)) return false;
      }
      return true;
    },
  }),
);

test("G18: a user with the very same ids changes nothing, is not changed, and is not seen", async () => {
  for (const { name, alone, isKept } of trials) expect([name, await isKept(await alone())]).toEqual([name, true]);
});

test("G18: that goes red when any one statement forgets whose rows it is about", async () => {
  expect(await judgeClauses(mutator, trials)).toMatchObject({ unreached: [], survivors: [] });
});
