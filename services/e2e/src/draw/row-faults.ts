import type { Sql } from "postgres";
import { outboxRow } from "../outbox-rows.ts";
import type { Fault, World } from "./world.ts";

/** What an outbox row may say that no release can read. */
const poisons: ((event: Record<string, unknown>) => unknown)[] = [
  (event) => ({ ...event, type: "task.exploded" }),
  (event) => ({ ...event, data: undefined }),
  (event) => ({ ...event, dataschema: "urn:x/v2" }),
  () => "task.created",
  () => null,
];

/** Among the changes of a user, as a change would write it: with the user's next number. */
async function poison(sql: Sql, { load, random, poisons: noted }: World): Promise<void> {
  const person = random.pick(load.people);
  await sql.begin(async (tx) => {
    const [user] = await tx<{ change_seq: string }[]>`
      update api.users set change_seq = change_seq + 1 where id = ${person.user.id} returning change_seq`;
    const row = outboxRow(person.user.id, Number(user?.change_seq));
    const poisoned = JSON.stringify(random.pick(poisons)(row.event));
    await tx`insert into api.outbox ${tx({ ...row, event: tx.json({}) })}`;
    await tx`update api.outbox set event = ${poisoned}::text::jsonb where event_id = ${row.event_id}`;
    noted.push({ eventId: row.event_id, userId: person.user.id });
  });
}

export const rowFaults: Fault[] = [
  {
    name: "an outbox row that nothing can read",
    harm: "none",
    run: (world) => world.withTables((sql) => poison(sql, world)),
  },
  {
    name: "every alarm forgotten",
    harm: "none",
    on: "embedded",
    run: ({ withTables }) => withTables(async (sql) => void (await sql`delete from bus.alarm`)),
  },
  {
    name: "the bus away",
    harm: "none",
    on: "embedded",
    run: ({ withTables, random }) =>
      withTables(async (sql) => {
        await sql`alter schema bus rename to bus_away`;
        await Bun.sleep(2_000 + random.below(4_000));
        await sql`alter schema bus_away rename to bus`;
      }),
  },
  {
    name: "everything of ten minutes delivered again",
    harm: "none",
    on: "embedded",
    run: ({ withTables }) =>
      withTables(async (sql) => {
        const readers = [
          ["audit", "task-events"],
          ["recurring", "task-events"],
          ["notification", "reminders"],
        ];
        for (const [subscriber = "", topic = ""] of readers)
          await sql`
            insert into bus.delivery (subscriber, slot, message_id, key)
            select ${subscriber}, slot, id, key from bus.message
            where topic = ${topic} and created_at > clock_timestamp() - interval '10 minutes' on conflict do nothing`;
      }),
  },
];
