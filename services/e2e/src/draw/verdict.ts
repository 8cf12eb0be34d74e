import { until } from "@carillon/testing/until";
import type { Sql } from "postgres";
import { type Due, type Outage, untimely } from "../lateness.ts";
import type { Try } from "../load.ts";
import { ops } from "../ops.ts";
import { brokenPromises, mailsOf, untilQuiet } from "../oracles.ts";
import type { Harm, World } from "./world.ts";

export type Broken = Outage & { harm: Harm };

/** How long after its end a fault may still be seen by callers (G23). */
const recoveryMs = 5_000;
/** What api gives a request before it answers 503, so that none hangs for three seconds (G23). */
const maxHangMs = 2_800;
/** Within which a poison event is parked (G6). */
const parkedMs = 60_000;
const quietMs = 120_000;
const firstFew = 3;

/** What a product that has come to rest shows to be wrong, each in a sentence; empty when every promise holds. */
export async function judge(world: World, outages: readonly Broken[]): Promise<string[]> {
  const { load, product } = world;
  const answers = answersAmiss(load.tries, outages);
  const poison = await poisonAmiss(world);
  if (world.dapr) await ops(product, "audit", "rebuild", "--all");
  return world.withTables(async (sql) => {
    await untilQuiet(sql, quietMs);
    // The laws join everything with everything: without figures of its tables the planner takes minutes for them.
    await sql`analyze`;
    const broken = await brokenPromises({ sql, product });
    const late = untimely(await dueOf(sql), mailsOf(product.dataDir), outages);
    return [
      ...world.objections,
      ...answers,
      ...poison,
      ...late.map((one) => `G9, G10: ${JSON.stringify(one)}`),
      ...Object.entries(broken).map(([law, rows]) => `${law}: ${JSON.stringify(rows.slice(0, firstFew))}`),
      ...load.lost.map((one) => `an action that no repetition healed: ${one}`),
      ...(await rowsAmiss(sql, world)),
      ...linesAmiss(product.output()),
    ];
  });
}

const dueOf = (sql: Sql): PromiseLike<Due[]> => sql<Due[]>`
  select 'rem-' || id || '-' || generation || '.eml' as name, extract(epoch from remind_at)::float8 * 1000 as at
  from api.reminders where state = 'sent'`;

/** No 500, never; a 503 says when to come again; and neither it nor silence comes without a fault that explains it. */
export function answersAmiss(tries: readonly Try[], outages: readonly Broken[]): string[] {
  const isDuring = ({ at, ms }: Try, harms: readonly Harm[]) =>
    outages.some(({ from, healed, harm }) => harms.includes(harm) && at + ms >= from && at <= healed + recoveryMs);
  return tries.flatMap((one) => {
    const { what, status, retryAfter, at, ms } = one;
    const said = `${what} at ${new Date(at).toISOString()} after ${Math.round(ms)} ms`;
    if (status === 0) return isDuring(one, ["silence"]) ? [] : [`no answer: ${said}`];
    if (status < 500) return [];
    if (status !== 503) return [`${status}: ${said}`];
    if (!(Number(retryAfter) > 0)) return [`503 without Retry-After: ${said}`];
    // Passwords cost time, and few may wait for theirs (G25); and what a busy machine cannot do in that time is refused (G23).
    if (what === "POST /api/signin" || ms >= maxHangMs || isDuring(one, ["silence", "503"])) return [];
    return [`503 without a reason: ${said}`];
  });
}

/** Lines of level error that a fault deserves, for while it lasts only an operator could mend it. */
export const deserved = [
  "relay: an outbox row cannot be read and is parked; `ops dlq list` shows it",
  // The bus's tables are gone.
  "relay: an outbox row is rejected; its user's events wait",
  "reminders: the mail provider takes nothing",
];

/** What passes by itself is no error, and nothing ends in an exception that nothing caught. */
export function linesAmiss(output: string): string[] {
  const lines = output.split("\n").filter((line) => line.startsWith("{") && !/"level":"(warn|info)"/.test(line));
  const messages = lines.flatMap((line) => {
    const { level, message, error } = told(line);
    const isAmiss = (level === "error" || level === "fatal") && !deserved.includes(message ?? "");
    return isAmiss ? [`${message} ${error?.name ?? ""} ${error?.message ?? ""}`] : [];
  });
  return [...Map.groupBy(messages, (message) => message)].map(([message, all]) => `${all.length} × error: ${message}`);
}

/** What the product's log says of the requests whose traces these sentences name. */
export function linesOf(output: string, sentences: readonly string[]): string[] {
  const traces = sentences.flatMap((one) => one.match(/(?<="trace_id":")[0-9a-f]{32}/g) ?? []);
  return traces.length === 0 ? [] : output.split("\n").filter((line) => traces.some((trace) => line.includes(trace)));
}

type Told = { level?: string; message?: string; error?: { name?: string; message?: string } };

/** A line that a kill has cut short says nothing. */
function told(line: string): Told {
  try {
    return JSON.parse(line);
  } catch {
    return {};
  }
}

/** Waits until every poison row is parked and listed; then takes them away, for the laws know only what the product wrote. */
async function poisonAmiss({ poisons, product, withTables }: World): Promise<string[]> {
  const ids = poisons.map(({ eventId }) => eventId);
  if (ids.length === 0) return [];
  const waiting = () =>
    withTables(
      (sql) => sql<{ event_id: string }[]>`
      select event_id from api.outbox where event_id in ${sql(ids)} and parked_at is null`,
    );
  await until("poison is parked", async () => (await waiting()).length === 0, parkedMs).catch(() => {});
  const { out } = await ops(product, "dlq", "list", "--json");
  const amiss = [
    ...(await waiting()).map(({ event_id }) => `G6: not parked: ${event_id}`),
    ...ids.filter((id) => !out.includes(id)).map((id) => `G6: not in dlq list: ${id}`),
  ];
  await withTables((sql) => sql`delete from api.outbox where event_id in ${sql(ids)}`.then(() => {}));
  return amiss;
}

/** What only this load lets one ask: it knows what was confirmed, and no title of its people comes twice. */
async function rowsAmiss(sql: Sql, { load, product }: World): Promise<string[]> {
  const { created, completed, trashed } = load.confirmed;
  const there = await sql<{ id: string; isTrashed: boolean; isFollowed: boolean }[]>`
    select id, deleted_at is not null as "isTrashed", succession = 'made' as "isFollowed" from api.tasks`;
  const byId = new Map(there.map((task) => [task.id, task]));
  const twice = await sql`
    select user_id, title from api.tasks where parent_task_id is null and title like 'Load %' group by 1, 2 having count(*) > 1`;
  const wrongDay = await sql`
    select s.id, t.due_at, s.due_at as next from api.tasks s join api.tasks t on t.user_id = s.user_id and t.id = s.parent_task_id
    where s.due_at at time zone 'Europe/Berlin' <> t.due_at at time zone 'Europe/Berlin' + interval '1 day'`;
  // A client that asks again after an outage may set a reminder whose instant has passed; it is missed from the beginning.
  const unsent = await sql`
    select r.id, r.state, r.reason, r.remind_at from api.reminders r join api.tasks t on t.user_id = r.user_id and t.id = r.task_id
    where r.state in ('missed', 'failed') and r.remind_at > t.created_at`;
  const mailedAt = new Map(mailsOf(product.dataDir).map(({ name, atMs }) => [name, atMs]));
  const calledOff = await sql<{ name: string; at: number }[]>`
    select 'rem-' || entity_id || '-' || (event -> 'data' -> 'reminder' ->> 'generation') || '.eml' as name,
      extract(epoch from created_at)::float8 * 1000 as at
    from api.outbox where type = 'reminder.cancelled'`;
  // A send that was under way goes on; it takes no longer than its mail may (G12).
  const begunMs = 25_000;
  const late = calledOff.filter(({ name, at }) => (mailedAt.get(name) ?? 0) > at + begunMs);
  const list = (what: string, rows: readonly unknown[]) =>
    rows.length === 0 ? [] : [`${what}: ${rows.length}, ${JSON.stringify(rows.slice(0, firstFew))}`];
  return [
    ...list(
      "confirmed and not there",
      [...created].filter((id) => !byId.has(id)),
    ),
    ...list(
      "confirmed as trashed and not in the trash",
      [...trashed].filter((id) => !byId.get(id)?.isTrashed),
    ),
    ...list(
      "G14: confirmed as completed and not followed",
      [...completed].filter((id) => !byId.get(id)?.isFollowed),
    ),
    ...list("G7: made twice", twice),
    ...list("G16: the next day of a daily task is another", wrongDay),
    ...list("G10: missed or failed", unsent),
    ...list("G12: mailed after it was called off", late),
  ];
}
