import type { Sql } from "@carillon/kit/database";
import { createLoop } from "@carillon/kit/loop";
import type { Log } from "@carillon/kit/observe";
import type { Clock } from "@carillon/kit/ports";
import { forgetSilent, silenceMs } from "./broadcast.ts";

const dayMs = 24 * 3_600_000;
const keepMessagesMs = 7 * dayMs;
const keepDeadLettersMs = 14 * dayMs;
const rows = 2_000;
const sweepEveryMs = 3_600_000;

/**
 * Deletes expired rows: messages after seven days, dead letters after fourteen, broadcasts for unknown
 * processes. A message with a pending delivery stays, however old. Every process may do this at any
 * time.
 */
export async function sweepBus(sql: Sql, now: Date): Promise<{ messages: number; deadLetters: number }> {
  const before = (ageMs: number) => new Date(now.getTime() - ageMs).toISOString();
  await sql`
    delete from bus.delivery
    where subscriber like '%@%' and not exists (select from bus.subscriber where name = delivery.subscriber)`;
  const messages = await inPortions(
    async () =>
      await sql`
        delete from bus.message where id in (
          select id from bus.message as old
          where created_at < ${before(keepMessagesMs)}::text::timestamptz
            and not exists (select from bus.delivery where message_id = old.id)
          limit ${rows}
        )`,
  );
  const deadLetters = await inPortions(
    async () =>
      await sql`
        delete from bus.dead_letter where id in (
          select id from bus.dead_letter where parked_at < ${before(keepDeadLettersMs)}::text::timestamptz limit ${rows}
        )`,
  );
  return { messages, deadLetters };
}

/** Small transactions, so that none blocks others for long. */
async function inPortions(portion: () => Promise<{ count: number }>): Promise<number> {
  let total = 0;
  for (;;) {
    const { count } = await portion();
    total += count;
    if (count < rows) return total;
  }
}

/** Sweeps periodically until stopped. */
export function keepSwept({
  sql,
  clock,
  log,
  tickMs = 10_000,
}: {
  sql: Sql;
  clock: Clock;
  log: Log;
  tickMs?: number;
}): {
  stop(): Promise<void>;
} {
  let healthyMs = 0;
  let nextSweepAt = 0;

  async function tick(): Promise<void> {
    // After an outage of the database every process looks silent; only one that has been healthy for as
    // long may judge.
    if (healthyMs > silenceMs) {
      const names = await forgetSilent(sql);
      if (names.length > 0) log.info("delivery: silent processes removed", { names });
    } else await sql`select 1`;
    if (performance.now() < nextSweepAt) return;
    await sweepBus(sql, clock.now());
    nextSweepAt = performance.now() + sweepEveryMs;
  }

  async function work(): Promise<number> {
    const healthyBefore = healthyMs;
    healthyMs = 0;
    await tick();
    healthyMs = healthyBefore + tickMs;
    return tickMs;
  }

  // A week's messages are deleted in portions, each a statement of its own.
  const loop = createLoop({ name: "sweeping the bus", service: "every", log, work, maxTurnMs: 600_000 });
  loop.start();
  return { stop: () => loop.stop() };
}
