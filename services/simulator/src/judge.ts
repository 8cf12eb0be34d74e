import { brokenLaws, type Laws } from "@carillon/testing/laws/broken";
import { changeLaws } from "@carillon/testing/laws/changes";
import { flowLaws } from "@carillon/testing/laws/flow";
import { reminderLaws } from "@carillon/testing/laws/reminders";
import type { World } from "./world.ts";

/** An announcement that was lost is noticed when its reminder is due or about to be, not earlier: so is that it replaces another. */
const ledgersAgree = (now: Date): Laws => ({
  "only the newest plan of a reminder is pending": (sql) => sql`
    select d.reminder_id, d.generation from notification.deliveries d join api.reminders r on r.id = d.reminder_id
    where d.status = 'pending' and d.generation <> r.generation and d.remind_at <= ${now.toISOString()}::text::timestamptz`,
  "the two ledgers agree": (sql) => sql`
    select r.id, r.generation, r.state, d.status from api.reminders r
    left join notification.deliveries d on d.reminder_id = r.id and d.generation = r.generation
    where exists (select from api.outbox o where o.entity_id = r.id and o.type in ('reminder.scheduled', 'reminder.snoozed'))
      and d.status is distinct from r.state
      and not (d.status is null and r.remind_at > ${now.toISOString()}::text::timestamptz)
      and not (d.status = 'pending' and d.remind_at > ${now.toISOString()}::text::timestamptz)`,
});

type SentRow = { id: string; generation: number; at: number };

/** Every violation at a quiet moment, by its law; empty when all is well. */
export async function judge({ sql, mailer, bus, time }: World): Promise<Record<string, unknown>> {
  const tables = await brokenLaws(sql, { ...changeLaws, ...flowLaws, ...reminderLaws, ...ledgersAgree(time.now()) });
  const rang = await sql<SentRow[]>`
    select reminder_id as id, generation, extract(epoch from remind_at)::float8 * 1000 as at
    from notification.deliveries where status = 'sent'`;
  const unmailed = rang.filter(({ id, generation }) => !mailer.sent.has(`rem-${id}-${generation}`));
  const early = rang.filter(({ id, generation, at }) => (mailer.sent.get(`rem-${id}-${generation}`)?.atMs ?? at) < at);
  const now = time.now().toISOString();
  const forgotten = await sql`
    select id, remind_at from api.reminders where state = 'pending' and remind_at < ${now}::text::timestamptz - interval '1 minute'`;
  // What was past when it was set was never announced.
  const missed = await sql`
    select r.id, r.remind_at from api.reminders r
    join notification.deliveries d on d.reminder_id = r.id and d.generation = r.generation where r.state = 'missed'`;
  const failed = await sql`select id, remind_at from api.reminders where state = 'failed'`;
  const disordered = await sql`
    select user_id, change_seq from (
      select e.user_id, o.change_seq, lag(o.change_seq) over (partition by e.user_id order by e.seq) as before
      from audit.entries e join api.outbox o on o.user_id = e.user_id and o.event_id = e.id) told
    where before > change_seq`;
  const calledOff = await sql<{ key: string; at: number }[]>`
    select 'rem-' || entity_id || '-' || (event -> 'data' -> 'reminder' ->> 'generation') as key,
      max(extract(epoch from (event ->> 'time')::timestamptz)::float8 * 1000) as at
    from api.outbox where type = 'reminder.cancelled' group by 1
    union all
    select 'rem-' || entity_id || '-' || ((event -> 'data' -> 'reminder' ->> 'generation')::int - 1),
      max(extract(epoch from (event ->> 'time')::timestamptz)::float8 * 1000)
    from api.outbox where type in ('reminder.scheduled', 'reminder.snoozed') group by 1`;
  // Two clocks may differ by a second; a mail at the very moment of its cancellation was claimed
  // before.
  const unwanted = calledOff.filter(({ key, at }) => (mailer.sent.get(key)?.atMs ?? 0) > at + 2_000);
  const mailed = new Set([...mailer.sent.keys()]);
  const known = await sql<{ key: string; status: string }[]>`
    select 'rem-' || reminder_id || '-' || generation as key, status from notification.deliveries`;
  const unsaid = known.filter(({ key, status }) => mailed.has(key) && (status === "failed" || status === "missed"));
  const found: Record<string, readonly unknown[]> = {
    "G9: a reminder counts as sent and was not mailed": unmailed,
    "G9: a reminder was mailed and counts as failed or missed": unsaid,
    "G10: a reminder was mailed early by the database's clock": early,
    "G10: a due reminder is still pending": forgotten,
    "G10: a reminder that was never 24 h late is missed": missed,
    "G10: a reminder failed although its provider was only away": failed,
    "G4: a history is not in the order of its changes": disordered,
    "G12: a reminder was mailed after it was called off or moved": unwanted,
    "a good event was parked": bus.parked,
  };
  const own = Object.fromEntries(
    Object.entries(found)
      .filter(([, rows]) => rows.length > 0)
      .map(([law, rows]) => [law, rows.slice(0, 3)]),
  );
  return { ...tables, ...own };
}
