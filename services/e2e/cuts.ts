import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { startEmbeddedPostgres } from "@carillon/host/postgres";
import postgres, { type Sql } from "postgres";
import { startOwn } from "./src/dapr-product.ts";
import { startEmbedded } from "./src/embedded-product.ts";
import { type Due, type Outage, untimely } from "./src/lateness.ts";
import { type Load, startLoad } from "./src/load.ts";
import { brokenPromises, mailsOf, untilQuiet, type Witness } from "./src/oracles.ts";

/**
 * `npm run e2e:cuts -- [cuts] [minutes]`: every socket between the product and its database is aborted again and again while people work and
 * reminders ring, embedded or (`CARILLON_MODE=dapr`, `STACK_DIR`) on Dapr. Afterwards every due reminder must have rung once, at most
 * 30 s after the cut, and every promise hold. Needs root and `ss` of iproute2, on a kernel with `INET_DIAG_DESTROY`.
 */
const [cuts = 20, minutes = 10] = process.argv.slice(2).map(Number);
const isOnDapr = process.env.CARILLON_MODE === "dapr";
const say = (line: string): void => void process.stdout.write(`${line}\n`);

/** Aborts every client's socket to the port; returns their number. */
function cut(port: number): number {
  const { stdout, stderr, exitCode } = Bun.spawnSync(["ss", "-HK", "dst", "127.0.0.1", "dport", "=", `:${port}`]);
  if (exitCode !== 0) throw new Error(`ss cannot abort sockets: ${stderr}`);
  return stdout.toString().split("\n").filter(Boolean).length;
}

const dueOf = (sql: Sql): PromiseLike<Due[]> => sql<Due[]>`
  select 'rem-' || id || '-' || generation || '.eml' as name, extract(epoch from remind_at)::float8 * 1000 as at
  from api.reminders where state = 'sent'`;

async function judge(witness: Witness, load: Load, outages: Outage[]): Promise<string[]> {
  const { sql, product } = witness;
  await untilQuiet(sql, 60_000);
  const late = untimely(await dueOf(sql), mailsOf(product.dataDir), outages);
  const broken = await brokenPromises(witness);
  const [missed] = await sql<{ count: number }[]>`
    select count(*)::int as count from api.reminders where state in ('missed', 'failed')`;
  return [
    ...late.map((one) => `not in time: ${JSON.stringify(one)}`),
    ...Object.entries(broken).map(([law, rows]) => `${law}: ${JSON.stringify(rows.slice(0, 3))}`),
    ...load.lost.map((one) => `lost: ${one}`),
    ...(missed?.count ? [`${missed.count} reminders missed or failed`] : []),
  ];
}

const folder = mkdtempSync(join(tmpdir(), "carillon-cuts-"));
const server = await startEmbeddedPostgres({ folder: join(folder, "pg"), password: "carillon-cuts", durable: true });
const tables = (database: string): Sql => postgres(server.urlOf(database), { max: 1, onnotice: () => {} });
const admin = tables("postgres");
await admin.unsafe("create database carillon");
await admin.end({ timeout: 2 });
const env = { DATABASE_URL: server.urlOf("carillon") };
const product = await (isOnDapr ? startOwn({ env }) : startEmbedded({ env })).catch(async (error: unknown) => {
  await server.stop();
  throw error;
});
let faults: string[] = [];
let output = "";
try {
  const load = await startLoad({
    api: product.api,
    people: 6,
    pauseMs: 400,
    // Longer than a client retries: a reminder set in the past is rightly missed.
    reminderMs: { least: 10_000, most: 30_000 },
  });
  const outages: Outage[] = [];
  for (let at = 1; at <= cuts; at++) {
    await Bun.sleep((minutes * 60_000) / cuts);
    const from = Date.now();
    const sockets = cut(server.port);
    outages.push({ what: "cut", from, healed: Date.now() });
    const [made, rang] = [load.confirmed.created.size, mailsOf(product.dataDir).length];
    say(`  cut ${at} of ${cuts}: ${sockets} sockets; ${made} tasks made, ${rang} reminders rang so far`);
  }
  await Bun.sleep(2_000);
  await load.stop();
  // The remaining reminders ring while everything becomes idle.
  await Bun.sleep(30_000);
  // Only now, because a query during the cuts would be cut, too.
  const sql = tables("carillon");
  const witnessed = { ...product, opsEnvironment: () => ({ ...product.opsEnvironment(), ...env }) };
  await sql`analyze`;
  faults = await judge({ sql, product: witnessed }, load, outages).finally(() => sql.end({ timeout: 2 }));
  const failed = load.tries.filter(({ status }) => status === 0 || status >= 500);
  const hasNoRetryAfter = failed.filter(({ status, retryAfter }) => status !== 503 || !retryAfter);
  say(
    `${load.tries.length} requests, ${failed.length} answered with 503, ${hasNoRetryAfter.length} with another failure`,
  );
  for (const { what, status } of hasNoRetryAfter) faults.push(`${what}: ${status} without Retry-After`);
  say(`${mailsOf(product.dataDir).length} reminders rang`);
} finally {
  output = product.output();
  await product.dispose();
  await server.stop();
  rmSync(folder, { recursive: true, force: true });
}
for (const fault of faults) say(fault);
if (faults.length > 0) say(output);
say(`\n${faults.length === 0 ? 1 : 0} passed, ${faults.length === 0 ? 0 : 1} failed`);
process.exit(faults.length === 0 ? 0 : 1);
