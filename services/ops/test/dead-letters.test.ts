import { afterAll, beforeAll, expect, test } from "bun:test";
import { type Deliveries, localBus, localState, startDeliveries } from "@carillon/adapters/local";
import type { CloudEvent } from "@carillon/contracts/event";
import { subscribe } from "@carillon/events/consume";
import { silentLog } from "@carillon/kit/observe";
import { createInternalService } from "@carillon/kit/service";
import { testDatabase } from "@carillon/testing/database";
import { until } from "@carillon/testing/until";
import { dropDeadLetter, listDeadLetters, replayDeadLetters, showDeadLetter } from "../src/dead-letters/commands.ts";
import { embeddedLetterBox } from "../src/dead-letters/embedded-box.ts";
import { eventOf } from "./task-event.ts";

const database = await testDatabase({ migrations: ["bus", "state"] });
const clock = { now: () => new Date() };
const appToken = "a-token-of-the-sidecar";
const sql = {
  deliveries: database.connectAs("bus"),
  bus: database.connectAs("bus"),
  state: database.connectAs("state"),
};
const state = localState({ sql: sql.state });
const box = embeddedLetterBox({ bus: sql.bus, state, patienceMs: 5_000 });
const [forReal, dryRun] = [{ dryRun: false }, { dryRun: true }];
const bus = localBus({ sql: sql.bus });

/** A consumer like audit: it rejects what `poison` names permanently, and what `trouble` names for now. */
const poison = new Map<string, string>();
const trouble = new Set<string>();
const handled: string[] = [];
const audit = createInternalService({
  name: "audit",
  log: silentLog,
  appToken,
  routes: [
    subscribe({
      service: "audit",
      topic: "task-events",
      state,
      log: silentLog,
      handle: async (events) => {
        const held = new Set<string>();
        return events.map(({ id, partitionkey }) => {
          if (trouble.has(id)) held.add(partitionkey);
          if (held.has(partitionkey)) return { kind: "retry", reason: "the database hiccups" };
          const reason = poison.get(id);
          if (reason !== undefined) return { kind: "drop", reason };
          handled.push(id);
          return { kind: "done" };
        });
      },
    }),
  ],
});

let deliveries: Deliveries;
beforeAll(async () => {
  deliveries = startDeliveries({ sql: sql.deliveries, doors: { audit }, appToken, log: silentLog, clock, pollMs: 100 });
  await deliveries.ready;
});
afterAll(async () => {
  await deliveries.stop();
  await Promise.all(Object.values(sql).map((one) => one.end()));
  await database.close();
});

const publish = (...events: CloudEvent[]): Promise<void> =>
  bus.publish(events.map((event) => ({ topic: "task-events", key: event.partitionkey, event })));

const timesHandled = (id: string): number => handled.filter((one) => one === id).length;
const isParked = async (id: string): Promise<boolean> =>
  (await sql.bus`select 1 from bus.dead_letter where event_id = ${id} and replayed_at is null`).length > 0;

/** An event that was parked, and the number of its dead letter. */
async function parked(userId = Bun.randomUUIDv7()): Promise<{ event: CloudEvent; letter: string }> {
  const event = eventOf(userId);
  poison.set(event.id, "it holds a NUL character");
  await publish(event);
  await until("the letter", () => isParked(event.id));
  const [row] = await sql.bus<
    { id: string }[]
  >`select id::text as id from bus.dead_letter where event_id = ${event.id}`;
  return { event, letter: row?.id ?? "" };
}

test("G6: a parked event is listed with its consumer's own words beside it, and shown in full", async () => {
  const { event, letter } = await parked();
  const { data, lines, exitCode } = await listDeadLetters(box);
  expect(data).toMatchObject({
    dead_letters: expect.arrayContaining([
      expect.objectContaining({
        id: letter,
        topic: "task-events.audit.dlq",
        subscriber: "audit:task-events",
        key: event.partitionkey,
        event_id: event.id,
        settled: null,
        note: { event_id: event.id, attempts: 1, last_error: "it holds a NUL character" },
      }),
    ]),
  });
  expect(lines.find((line) => line.includes(event.id))).toContain("it holds a NUL character");
  expect(exitCode).toBe(0);
  for (const id of [letter, event.id]) {
    const shown = await showDeadLetter(box, id);
    expect(shown.data).toMatchObject([{ id: letter, event, note: { attempts: 1 } }]);
    expect(shown.lines.join("\n")).toContain('"b\\u001b[31m"');
  }
});

test("a replayed event reaches its consumer once, however many operators replay it, and is no longer listed", async () => {
  const { event, letter } = await parked();
  poison.delete(event.id);
  const holder = await database.sql.reserve();
  await holder`begin`;
  await holder`select 1 from bus.dead_letter where id = ${letter} for update`;
  const operators = [replayDeadLetters(box, letter, forReal), replayDeadLetters(box, event.id, forReal)];
  await until("both to want the letter", async () => {
    const waiting = await database.sql`
      select 1 from pg_stat_activity where datname = current_database() and wait_event_type = 'Lock'`;
    return waiting.length === 2;
  });
  await holder`commit`;
  holder.release();
  const both = await Promise.all(operators);
  const replayed = both
    .map(({ data, exitCode }) => ({ data, exitCode }))
    .toSorted((one, other) => one.exitCode - other.exitCode);
  expect(replayed).toEqual([
    { data: { dry_run: false, replayed: [letter], waiting: [], failed: [] }, exitCode: 0 },
    { data: { dry_run: false, replayed: [], waiting: [], failed: [] }, exitCode: 1 },
  ]);
  await until("the event", () => timesHandled(event.id) > 0);
  expect(await replayDeadLetters(box, letter, forReal)).toMatchObject({
    exitCode: 1,
    lines: [`${letter} was replayed already.`],
  });
  await Bun.sleep(300);
  expect(timesHandled(event.id)).toBe(1);
  expect(await isParked(event.id)).toBe(false);
});

test("a replayed event queues behind what waits for the same user, and changes no other user's order", async () => {
  const userId = Bun.randomUUIDv7();
  const { event, letter } = await parked(userId);
  const [second, third] = [eventOf(userId), eventOf(userId)];
  trouble.add(second.id);
  await publish(second, third);
  await until("the second to fail", async () => (await state.get(`failure:audit:${second.id}`)) !== null);
  poison.delete(event.id);
  const impatient = embeddedLetterBox({ bus: sql.bus, state, patienceMs: 200 });
  const { exitCode, data, lines } = await replayDeadLetters(impatient, letter, forReal);
  expect({ exitCode, data }).toEqual({
    exitCode: 1,
    data: { dry_run: false, replayed: [], waiting: [letter], failed: [] },
  });
  expect(lines).toContain("1 event on the way, not handled yet; `dlq list` shows what comes back.");
  expect(timesHandled(event.id)).toBe(0);
  trouble.delete(second.id);
  await until("all three", () => timesHandled(event.id) > 0);
  const ids = [second.id, third.id, event.id];
  expect(handled.filter((id) => ids.includes(id))).toEqual(ids);
});

test("an event that fails again after its replay is reported as parked again, exit 1, and is a dead letter of its own", async () => {
  const { event, letter } = await parked();
  const { exitCode, data, lines } = await replayDeadLetters(box, letter, forReal);
  const reason = "it is parked again (it holds a NUL character)";
  expect({ exitCode, data }).toEqual({
    exitCode: 1,
    data: { dry_run: false, replayed: [], waiting: [], failed: [{ id: letter, reason }] },
  });
  expect(lines).toEqual([`${letter} stays: ${reason}`, "Replayed 0 events."]);
  expect(await isParked(event.id)).toBe(true);
  const shown = await showDeadLetter(box, event.id);
  expect(shown.data).toMatchObject([
    { id: letter, settled: "replayed" },
    { settled: null, note: { attempts: 2 } },
  ]);
});

test("--all says of each letter what became of it", async () => {
  const [bad, good] = [await parked(), await parked()];
  poison.delete(good.event.id);
  const { exitCode, data } = await replayDeadLetters(box, "all", forReal);
  expect(exitCode).toBe(1);
  expect(data).toMatchObject({
    replayed: expect.arrayContaining([good.letter]),
    failed: expect.arrayContaining([{ id: bad.letter, reason: expect.stringContaining("parked again") }]),
  });
});

test("--all replays every waiting dead letter, oldest first", async () => {
  const userId = Bun.randomUUIDv7();
  const letters = [await parked(userId), await parked(userId), await parked(userId)];
  poison.clear();
  const { data } = await replayDeadLetters(box, "all", forReal);
  expect(data).toMatchObject({ replayed: expect.arrayContaining(letters.map(({ letter }) => letter)) });
  await until("the last", () => timesHandled(letters.at(-1)?.event.id ?? "") > 0);
  const ids = letters.map(({ event }) => event.id);
  expect(handled.filter((id) => ids.includes(id))).toEqual(ids);
  expect((await listDeadLetters(box)).data).toEqual({ count: 0, complete: true, dead_letters: [] });
  expect((await listDeadLetters(box)).lines).toEqual(["No dead letters."]);
});

test("a dropped dead letter is gone with its note", async () => {
  const { event, letter } = await parked();
  expect(await dropDeadLetter(box, letter, false)).toMatchObject({ exitCode: 0, lines: ["Dropped 1 event."] });
  expect(await isParked(event.id)).toBe(false);
  expect(await state.get(`failure:audit:${event.id}`)).toBeNull();
  expect(await dropDeadLetter(box, letter, false)).toMatchObject({ exitCode: 1 });
});

test("a dry run reports the same and changes nothing", async () => {
  const { event, letter } = await parked();
  expect((await replayDeadLetters(box, letter, dryRun)).data).toEqual({
    dry_run: true,
    replayed: [letter],
    waiting: [],
    failed: [],
  });
  expect((await replayDeadLetters(box, "all", dryRun)).data).toMatchObject({
    dry_run: true,
    replayed: expect.arrayContaining([letter]),
  });
  expect((await dropDeadLetter(box, letter, true)).data).toEqual({ dry_run: true, dropped: [letter] });
  await Bun.sleep(200);
  expect(await isParked(event.id)).toBe(true);
  expect(await state.get(`failure:audit:${event.id}`)).not.toBeNull();
  expect(timesHandled(event.id)).toBe(0);
});

test("an unknown dead letter is reported as unknown", async () => {
  const answers = [
    await showDeadLetter(box, "999999"),
    await replayDeadLetters(box, "999999", forReal),
    await dropDeadLetter(box, Bun.randomUUIDv7(), false),
  ];
  expect(answers.map(({ exitCode, data }) => [exitCode, data])).toMatchObject(
    Array(3).fill([1, { error: "not_found" }]),
  );
});
