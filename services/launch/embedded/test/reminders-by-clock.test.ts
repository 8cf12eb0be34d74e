import { afterEach, expect, setDefaultTimeout, test } from "bun:test";
import type { Task } from "@carillon/contracts/http/tasks";
import { until } from "@carillon/testing/until";
import { brokenLaws, inMs, mailOf, openReminderRig, type ReminderRig } from "./reminder-rig.ts";

setDefaultTimeout(60_000);

let rig: ReminderRig | null = null;
afterEach(async () => {
  await rig?.close();
  rig = null;
});

const [minute, hour] = [60_000, 3_600_000];

/** A machine's clock that is wrong by `skewMs`. */
function wrongClock(skewMs: number) {
  let skew = skewMs;
  return {
    now: () => new Date(Date.now() + skew),
    jump(ms: number) {
      skew += ms;
    },
  };
}

async function reminders(opened: ReminderRig, count: number): Promise<Task[]> {
  const person = await opened.api.signUp();
  const tasks: Task[] = [];
  for (let at = 0; at < count; at++) tasks.push(await person.make({ reminder_at: inMs(1_500 + at * 100) }));
  return tasks;
}

/** Every reminder was mailed once, none before its instant, and the product reports it. */
async function expectAllInTime(opened: ReminderRig, tasks: readonly Task[]): Promise<void> {
  await until("all mails are there", () => opened.mails().size >= tasks.length);
  await until("both sides have exchanged their reports", async () => {
    const [row] = await opened.sql<{ open: number }[]>`
      select count(*)::int as open from notification.deliveries where report_at is not null or status = 'pending'`;
    return row?.open === 0;
  });
  const mails = opened.mails();
  expect([...mails.keys()].sort()).toEqual(tasks.map((task) => mailOf(task)).sort());
  for (const task of tasks)
    expect(mails.get(mailOf(task))?.atMs).toBeGreaterThanOrEqual(Date.parse(task.reminder_at ?? "") - fileTimeMs);
  const ends = await opened.sql`select state, count(*)::int as count from api.reminders group by 1`;
  expect(ends.map(({ state, count }) => [state, count])).toEqual([["sent", tasks.length]]);
  expect(await brokenLaws(opened.sql)).toEqual({});
}

/** A file's time may be up to 4 ms behind the clock. */
const fileTimeMs = 5;

test.each([5 * minute, -5 * minute])(
  "G10: with api's and one sender's clock wrong by %d ms no reminder is missed, early or late",
  async (skewMs) => {
    rig = await openReminderRig({ replicas: 2, walls: [wrongClock(skewMs)] });
    await expectAllInTime(rig, await reminders(rig, 15));
  },
);

test("G10: while one machine's clock jumps by 26 hours and back no reminder is missed or early", async () => {
  const wall = wrongClock(0);
  rig = await openReminderRig({ replicas: 2, walls: [wall] });
  const jumps = [26, -26, -26, 26].map((hours) => hours * hour);
  const jumping = setInterval(() => wall.jump(jumps.shift() ?? 0), 700);
  try {
    await expectAllInTime(rig, await reminders(rig, 25));
  } finally {
    clearInterval(jumping);
  }
  expect(jumps).toEqual([]);
});
