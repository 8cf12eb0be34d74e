import { afterAll, afterEach, beforeEach, expect, test } from "bun:test";
import { startRelay } from "@carillon/events/publish";
import { silentLog } from "@carillon/kit/observe";
import type { Message } from "@carillon/kit/ports";
import { testDatabase } from "@carillon/testing/database";
import { bothBoxes } from "../src/dead-letters/both-boxes.ts";
import { dropDeadLetter, listDeadLetters, replayDeadLetters, showDeadLetter } from "../src/dead-letters/commands.ts";
import type { LetterBox } from "../src/dead-letters/letter-box.ts";
import { parkedRows } from "../src/dead-letters/parked-rows.ts";
import { eventOf } from "./task-event.ts";

const database = await testDatabase({ migrations: ["api"] });
const api = database.connectAs("api");
// As in a cluster: the operators' own role.
const ops = database.connectAs("ops");
const nothing: LetterBox = {
  list: async () => ({ count: 0, complete: true, letters: [] }),
  find: async () => [],
  obstacle: () => null,
  replay: async () => new Map(),
  drop: async () => {},
};
const box = bothBoxes(nothing, () => parkedRows({ api: ops, patienceMs: 5_000 }));
const [forReal, dryRun] = [{ dryRun: false }, { dryRun: true }];

const taken: string[] = [];
const bus = {
  publish: async (messages: readonly Message[]) => void taken.push(...messages.map(({ event }) => event.id)),
};
const relay = startRelay({
  sql: database.connectAs("api"),
  schema: "api",
  bus,
  log: silentLog,
  clock: { now: () => new Date() },
});
beforeEach(async () => {
  await api`delete from api.outbox`;
});
afterEach(() => void taken.splice(0));
afterAll(async () => {
  await relay.stop();
  await Promise.all([api.end(), ops.end()]);
  await database.close();
});

/** A row that the relay has parked, and its dead letter's id. */
async function parkedRow(): Promise<{ letter: string; event: ReturnType<typeof eventOf> }> {
  const event = eventOf(Bun.randomUUIDv7());
  const row = await write(event.partitionkey, event.id, { ...event, type: "task.exploded" });
  for (let waitedMs = 0; waitedMs < 10_000; waitedMs += 20) {
    if ((await api`select from api.outbox where id = ${row} and parked_at is not null`).length > 0)
      return { letter: `outbox:${row}`, event };
    await Bun.sleep(20);
  }
  throw new Error("the relay did not park the row");
}

async function write(user: string, eventId: string, event: object): Promise<string> {
  const [row] = await api<{ id: string }[]>`
    insert into api.outbox (user_id, change_seq, slot, event_id, type, entity_id, event)
    values (${user}, 1, 0, ${eventId}, 'task.exploded', ${user}, ${JSON.stringify(event)}::text::jsonb)
    returning id::text as id`;
  return row?.id ?? "";
}

const mend = (letter: string, event: object) =>
  api`update api.outbox set event = ${JSON.stringify(event)}::text::jsonb where id = ${letter.slice("outbox:".length)}`;

test("G6: an outbox row that the relay could not read is listed with its reason, and shown without user text", async () => {
  const { letter, event } = await parkedRow();
  const { data, lines } = await listDeadLetters(box);
  expect(data).toMatchObject({
    count: 1,
    dead_letters: [
      {
        id: letter,
        topic: "outbox",
        subscriber: "api:outbox",
        key: event.partitionkey,
        event_id: event.id,
        settled: null,
      },
    ],
  });
  expect(lines[1]).toContain("unknown event type task.exploded");
  for (const id of [letter, event.id]) {
    const shown = await showDeadLetter(box, id);
    expect(shown.data).toMatchObject([{ id: letter, reason: "unknown event type task.exploded" }]);
    expect(JSON.stringify(shown)).not.toContain("changes");
  }
});

test("a replayed row that can be read now goes on the bus and is no longer listed", async () => {
  const { letter, event } = await parkedRow();
  await mend(letter, event);
  expect(await replayDeadLetters(box, letter, forReal)).toEqual({
    lines: ["Replayed 1 event."],
    data: { dry_run: false, replayed: [letter], waiting: [], failed: [] },
    exitCode: 0,
  });
  expect(taken).toContain(event.id);
  expect((await listDeadLetters(box)).data).toMatchObject({ count: 0 });
  expect((await listDeadLetters(box, { all: true })).data).toMatchObject({ dead_letters: [{ settled: "replayed" }] });
  expect(await replayDeadLetters(box, letter, forReal)).toMatchObject({
    exitCode: 1,
    lines: [`${letter} was replayed already.`],
  });
});

test("a replayed row that is parked again at once is reported as such, exit 1", async () => {
  const { letter } = await parkedRow();
  const reason = "it is parked again (unknown event type task.exploded)";
  expect(await replayDeadLetters(box, letter, forReal)).toEqual({
    lines: [`${letter} stays: ${reason}`, "Replayed 0 events."],
    data: { dry_run: false, replayed: [], waiting: [], failed: [{ id: letter, reason }] },
    exitCode: 1,
  });
  expect((await listDeadLetters(box)).data).toMatchObject({ count: 1 });
});

test("while no relay runs a replayed row is reported as on its way, exit 1", async () => {
  const { letter, event } = await parkedRow();
  await mend(letter, event);
  const holder = await database.sql.reserve();
  await holder`begin`;
  await holder`lock table api.outbox in share row exclusive mode`;
  const impatient = bothBoxes(nothing, () => parkedRows({ api: holder, patienceMs: 200 }));
  const { exitCode, data } = await replayDeadLetters(impatient, letter, forReal);
  await holder`rollback`;
  holder.release();
  expect({ exitCode, data }).toMatchObject({ exitCode: 1, data: { waiting: [letter], replayed: [], failed: [] } });
});

test("a dropped row never goes on the bus; a dry run changes nothing", async () => {
  const { letter, event } = await parkedRow();
  expect(await dropDeadLetter(box, letter, true)).toMatchObject({ exitCode: 0, lines: ["Would drop 1 event."] });
  expect((await replayDeadLetters(box, letter, dryRun)).lines).toEqual(["Would replay 1 event."]);
  expect((await listDeadLetters(box)).data).toMatchObject({ count: 1 });
  expect(await dropDeadLetter(box, letter, false)).toMatchObject({ exitCode: 0, lines: ["Dropped 1 event."] });
  expect((await listDeadLetters(box)).data).toMatchObject({ count: 0 });
  expect((await listDeadLetters(box, { all: true })).data).toMatchObject({ dead_letters: [{ settled: "dropped" }] });
  expect(taken).not.toContain(event.id);
});
