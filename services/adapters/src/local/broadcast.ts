import type { Subscription } from "@carillon/contracts/catalog";
import type { Sql } from "@carillon/kit/database";
import { createLoop, within } from "@carillon/kit/loop";
import type { Log } from "@carillon/kit/observe";

/** A process's own subscription of a broadcast topic: it gets everything published from `ready` on. */
export type Registration = { ready: Promise<void>; stop(): Promise<void> };

const beatMs = 5_000;
const retryMs = 250;

/** How long a process may stay silent before it is removed together with its waiting messages. */
export const silenceMs = 60_000;

/**
 * Registers `name` for `topic` and keeps it alive; registers again when it was removed meanwhile or
 * the database was away.
 */
export function register(sql: Sql, name: string, { topic, service }: Subscription, log: Log): Registration {
  const isReady = Promise.withResolvers<void>();
  let isKnown = false;
  const loop = createLoop({
    name: "registering for broadcasts",
    service,
    log,
    fields: { subscriber: name },
    pause: { firstMs: retryMs, maxMs: retryMs },
    work: beat,
  });

  async function beat(): Promise<number> {
    const [row] = await sql<{ inserted: boolean }[]>`
      insert into bus.subscriber (name, topic) values (${name}, ${topic})
      on conflict (name) do update set seen_at = clock_timestamp()
      returning xmax = 0 as inserted`;
    if (isKnown && row?.inserted)
      log.warn("delivery: this process was removed and has missed broadcasts", { subscriber: name });
    isKnown = true;
    isReady.resolve();
    return beatMs;
  }

  loop.start();
  return {
    ready: isReady.promise,
    async stop() {
      await loop.stop();
      // When the database is away another process's sweep does this later.
      await within(2_000, "the database", forget(sql, [name])).catch(() => {});
    },
  };
}

/** Removes processes that have been silent for too long and their waiting messages; returns their names. */
export async function forgetSilent(sql: Sql): Promise<string[]> {
  const silent = await sql<{ name: string }[]>`
    select name from bus.subscriber where seen_at < now() - ${silenceMs} * interval '1 millisecond'`;
  const names = silent.map((row) => row.name);
  if (names.length > 0) await forget(sql, names);
  return names;
}

async function forget(sql: Sql, names: readonly string[]): Promise<void> {
  const list = JSON.stringify(names);
  await sql`delete from bus.subscriber where name in (select json_array_elements_text(${list}::text::json))`;
  await sql`delete from bus.delivery where subscriber in (select json_array_elements_text(${list}::text::json))`;
}
