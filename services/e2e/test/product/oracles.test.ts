import { afterAll, beforeAll, expect, test } from "bun:test";
import { copyFileSync, rmSync } from "node:fs";
import { join } from "node:path";
import type { Task } from "@carillon/contracts/http/tasks";
import postgres, { type Sql } from "postgres";
import { signUp } from "../../src/client.ts";
import { brokenPromises, mailName, mailsOf, untilQuiet } from "../../src/oracles.ts";
import { type Product, startProduct } from "../../src/product.ts";

/** The oracles that judge a product after faults, tested themselves: each must notice damage to an intact product. */
let product: Product;
let sql: Sql;
let rung: Task;
const mailFile = () => join(product.dataDir, "mail", mailName({ id: rung.reminders[0]?.id ?? "", generation: 1 }));

beforeAll(async () => {
  product = await startProduct();
  sql = postgres(product.databaseUrl(), { max: 1, onnotice: () => {} });
  const ada = await signUp(product.api, "witness");
  const soon = new Date(Date.now() + 1_500).toISOString();
  const later = new Date(Date.now() + 3_600_000).toISOString();
  rung = await ada.createTask({ title: "Ring", reminder_at: soon });
  const task = await ada.createTask({ title: "Standup", recurring_pattern: "daily", due_date: later });
  await ada.updateTask(task.id, { priority: "high" });
  await ada.completeTask(task.id);
  await Bun.sleep(2_000);
  await untilQuiet(sql, 20_000);
});
afterAll(async () => {
  await sql.end();
  await product.dispose();
});

test("an idle product keeps every guarantee", async () => {
  expect(await brokenPromises({ sql, product })).toEqual({});
  expect(mailsOf(product.dataDir)).toHaveLength(1);
});

/**
 * The damage done behind the product's back, with its guards off, and the guarantees that must be
 * reported as broken.
 */
const damages: { what: string; damage: string | (() => void); breaks: string[] }[] = [
  {
    what: "a change that lost its event",
    damage: "delete from api.outbox where type = 'task.updated'",
    breaks: ["versions grow by exactly one, from 1 to the row's own", "G5: every entry of the history has its event"],
  },
  {
    what: "an entry that was changed",
    damage: "update audit.entries set actor = 'system' where seq = 1",
    breaks: ["G8: a history does not verify"],
  },
  {
    what: "an entry that is gone",
    damage: "delete from audit.entries where seq = (select max(seq) from audit.entries)",
    breaks: [
      "G5: every event has its one entry in the history",
      "G8: chains have no gap, and their head is their newest entry",
    ],
  },
  {
    what: "a successor that is gone",
    damage: "delete from api.tasks where parent_task_id is not null",
    breaks: ["G14: what was made of a completion is there, once"],
  },
  {
    what: "a completion that was followed twice",
    damage: `insert into api.outbox (user_id, change_seq, slot, event_id, type, entity_id, task_id, event, published_at)
      select user_id, change_seq + 1000, slot, gen_random_uuid(), type, entity_id, task_id, event, now()
      from api.outbox where type = 'occurrence.generated'`,
    breaks: ["G14: no completion was followed twice"],
  },
  {
    what: "a reminder sent before its time",
    damage: "update api.reminders set sent_at = remind_at - interval '1 second'",
    breaks: ["G10: nothing was sent before its instant"],
  },
  {
    what: "a mail sent twice",
    damage: () => copyFileSync(mailFile(), mailFile().replace("-1.eml", "-2.eml")),
    breaks: ["G9: two mails of one Message-ID"],
  },
  {
    what: "a mail that is gone",
    damage: () => rmSync(mailFile()),
    breaks: ["G9, G10: a reminder that was sent has no mail, or an early one"],
  },
  {
    what: "a ledger that says otherwise than api and the mails",
    damage: "update notification.deliveries set status = 'failed'",
    breaks: ["the two ledgers agree", "G9: a mail that was never meant to be sent"],
  },
  {
    what: "a reminder that is gone without a word",
    damage: "delete from api.outbox where type = 'reminder.sent'; delete from api.reminders",
    breaks: ["G13: each plan announced ended once, gave way to a newer one, or is pending"],
  },
];

for (const { what, damage, breaks } of damages) {
  test(`${what} is noticed`, async () => {
    if (typeof damage === "string") {
      await sql.begin(async (tx) => {
        await tx`set local session_replication_role = replica`;
        await tx.unsafe(damage);
      });
    } else damage();
    expect(Object.keys(await brokenPromises({ sql, product }))).toEqual(expect.arrayContaining(breaks));
  });
}
