import { existsSync, readdirSync, readFileSync, statSync } from "node:fs";
import { join } from "node:path";
import { brokenLaws } from "@carillon/testing/laws/broken";
import { changeLaws } from "@carillon/testing/laws/changes";
import { flowLaws } from "@carillon/testing/laws/flow";
import { reminderLaws } from "@carillon/testing/laws/reminders";
import { until } from "@carillon/testing/until";
import type { Sql } from "postgres";
import { ops } from "./ops.ts";
import type { Product } from "./product.ts";

/** The inputs of the oracles, of an idle product; `sql` is the superuser's. */
export type Witness = { sql: Sql; product: Pick<Product, "opsEnvironment" | "dataDir"> };

export type Mail = { name: string; messageId: string; to: string; atMs: number };

/** Work still under way; all zero: the product is idle. */
export async function underWay(sql: Sql): Promise<Record<string, number>> {
  const [row] = await sql<Record<string, number>[]>`
    select (select count(*) from api.outbox where published_at is null)::int as unpublished,
      (select count(*) from api.outbox o join api.users u on u.id = o.user_id where o.type <> 'session.revoked'
        and not exists (select from audit.entries e where e.user_id = o.user_id and e.id = o.event_id))::int as untold,
      (select count(*) from api.tasks
        where succession = 'open' and completed_at is not null and rrule is not null and deleted_at is null)::int as unfollowed,
      (select count(*) from api.reminders where state = 'pending' and remind_at <= clock_timestamp())::int as due,
      (select count(*) from notification.deliveries where report_at is not null)::int as unreported,
      (select count(*) from api.reminders r where r.state = 'pending' and not exists (
        select from notification.deliveries d where d.reminder_id = r.id and d.generation = r.generation))::int as unplanned`;
  return row ?? {};
}

/** Resolves when no work is under way. @throws Error that says what still is, after `limitMs`. */
export async function untilQuiet(sql: Sql, limitMs: number): Promise<void> {
  let left: Record<string, number> = {};
  const isQuiet = async () => {
    left = await underWay(sql).catch(() => ({ unreachable: 1 }));
    return Object.values(left).every((count) => count === 0);
  };
  await until(
    "everything has arrived",
    async () => {
      if (await isQuiet()) return true;
      await Bun.sleep(200);
      return false;
    },
    limitMs,
  ).catch((cause: unknown) => {
    throw new Error(`Still on its way: ${JSON.stringify(left)}`, { cause });
  });
}

/**
 * Every guarantee that the tables, the history's own verification and the mail folder show to be
 * broken; empty when all hold.
 */
export async function brokenPromises(witness: Witness): Promise<Record<string, object[]>> {
  const { sql } = witness;
  const found = {
    ...(await brokenLaws(sql, { ...changeLaws, ...reminderLaws, ...flowLaws })),
    "G8: a history does not verify": await brokenChains(witness),
    "G9, G10: a reminder that was sent has no mail, or an early one": await unmailed(witness),
    "G9: a mail that was never meant to be sent": await unmeant(witness),
    "G9: two mails of one Message-ID": repeated(mailsOf(witness.product.dataDir)),
  };
  return Object.fromEntries(Object.entries(found).filter(([, rows]) => rows.length > 0));
}

/** The mails in the product's folder. */
export function mailsOf(dataDir: string): Mail[] {
  const folder = join(dataDir, "mail");
  if (!existsSync(folder)) return [];
  return readdirSync(folder)
    .filter((name) => name.endsWith(".eml"))
    .map((name) => {
      const text = readFileSync(join(folder, name), "utf8");
      const header = (field: string) => new RegExp(`^${field}: *(?:\\r\\n )?(.*)\\r$`, "im").exec(text)?.[1] ?? "";
      return { name, messageId: header("Message-ID"), to: header("To"), atMs: writtenAtMs(join(folder, name)) };
    });
}

/** The kernel stamps files by a clock that moves in ticks: a file may look one tick older than it is. */
const maxTickMs = 10;

/** The latest instant, in milliseconds, at which a file can have been written. */
export const writtenAtMs = (file: string): number => Math.ceil(statSync(file).mtimeMs) + maxTickMs;

export const mailName = (plan: { id: string; generation: number }): string => `rem-${plan.id}-${plan.generation}.eml`;

/** audit's own verification of every history, as an operator requests it. */
async function brokenChains({ product }: Witness): Promise<object[]> {
  const { exitCode, out, err } = await ops(product, "audit", "verify", "--all", "--json");
  const report: { broken?: object[] } = out.startsWith("{") ? JSON.parse(out) : {};
  return report.broken ?? [{ exitCode, err }];
}

type Plan = { id: string; generation: number; status: string; at: number };

const plansOf = (sql: Sql) => sql<Plan[]>`
  select reminder_id as id, generation, status, extract(epoch from remind_at)::float8 * 1000 as at from notification.deliveries`;

async function unmailed({ sql, product }: Witness): Promise<object[]> {
  const mails = new Map(mailsOf(product.dataDir).map((mail) => [mail.name, mail]));
  return (await plansOf(sql))
    .filter(({ status }) => status === "sent")
    .filter((plan) => (mails.get(mailName(plan))?.atMs ?? 0) < plan.at);
}

/**
 * A mail may belong to a plan that was cancelled while the mail was on its way, and to none that failed, was missed or waits; or it is a
 * letter about an account that is there.
 */
async function unmeant({ sql, product }: Witness): Promise<object[]> {
  const plans = new Map((await plansOf(sql)).map((plan) => [mailName(plan), plan.status]));
  const users = new Set((await sql<{ id: string }[]>`select id from api.users`).map(({ id }) => id));
  const isLetter = (name: string): boolean => users.has(/^account-([0-9a-f-]{36})-/.exec(name)?.[1] ?? "");
  return mailsOf(product.dataDir).filter(
    ({ name }) => !["sent", "cancelled"].includes(plans.get(name) ?? "unknown") && !isLetter(name),
  );
}

function repeated(mails: readonly Mail[]): object[] {
  const seen = Map.groupBy(mails, ({ messageId }) => messageId);
  return [...seen.values()].filter((same) => same.length > 1).flat();
}
