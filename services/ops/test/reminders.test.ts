import { afterAll, expect, test } from "bun:test";
import { testDatabase } from "@carillon/testing/database";
import { reportDueReminders } from "../src/reminders.ts";

const database = await testDatabase({ migrations: ["api", "notification"] });
const ops = database.connectAs("ops");
afterAll(async () => {
  await ops.end();
  await database.close();
});

const [user, task] = [Bun.randomUUIDv7(), Bun.randomUUIDv7()];
await database.sql.begin(async (tx) => {
  // Only the reminders matter here: no task, no event of a change.
  await tx`set local session_replication_role = replica`;
  const reminder = (id: string, minutes: number, state: string, generation = 1) => tx`
    insert into api.reminders (user_id, task_id, id, position, remind_at, state, generation, change_seq)
    values (${user}, ${task}, ${id}, 0, now() + ${minutes} * interval '1 minute', ${state}, ${generation}, 1)`;
  const delivery = (id: string, generation: number, status: string, armed: boolean, reason: string | null) => tx`
    insert into notification.deliveries
      (user_id, reminder_id, generation, task_id, remind_at, status, attempts, next_try_at, armed_at, reason)
    values (${user}, ${id}, ${generation}, ${task}, now(), ${status}, 3, now(), ${armed ? tx`now()` : null}, ${reason})`;
  await reminder("00000000-0000-4000-8000-000000000001", -10, "pending");
  await delivery("00000000-0000-4000-8000-000000000001", 1, "failed", true, "the provider refused");
  await reminder("00000000-0000-4000-8000-000000000002", 5, "pending", 2);
  await delivery("00000000-0000-4000-8000-000000000002", 1, "cancelled", true, null);
  await delivery("00000000-0000-4000-8000-000000000002", 2, "pending", true, null);
  await reminder("00000000-0000-4000-8000-000000000003", 30, "pending");
  await delivery("00000000-0000-4000-8000-000000000003", 1, "pending", false, null);
  await reminder("00000000-0000-4000-8000-000000000004", 45, "pending");
  await reminder("00000000-0000-4000-8000-000000000005", 90, "pending");
  await reminder("00000000-0000-4000-8000-000000000006", -30, "sent");
});

test("what is overdue or due within the hour is listed with the state of its present plan, earliest first, and nothing else", async () => {
  const { data, lines, exitCode } = await reportDueReminders({ api: ops, notification: ops });
  expect(exitCode).toBe(0);
  expect(data).toMatchObject({
    due: 3,
    overdue: 1,
    reminders: [
      { reminder_id: expect.stringMatching(/1$/), stage: "failed", attempts: 3, reason: "the provider refused" },
      { reminder_id: expect.stringMatching(/2$/), generation: 2, stage: "armed", user_id: user, task_id: task },
      { reminder_id: expect.stringMatching(/3$/), stage: "noted" },
      { reminder_id: expect.stringMatching(/4$/), stage: "unknown", attempts: 0 },
    ],
  });
  expect(lines).toHaveLength(6);
  expect(lines[1]).toMatch(/ 10 min( \d+ s)? late /);
  expect(lines.at(-1)).toBe("4 due within the hour, 1 of them overdue.");
});

test("--limit bounds the list and not the count", async () => {
  const { data, lines } = await reportDueReminders({ api: ops, notification: ops }, 1);
  expect(data).toMatchObject({ due: 3, overdue: 1, reminders: [{ stage: "failed" }] });
  expect(lines.slice(-2)).toEqual(["… and 3 more.", "4 due within the hour, 1 of them overdue."]);
});
