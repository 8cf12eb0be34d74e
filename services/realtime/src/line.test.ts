import { expect, test } from "bun:test";
import fc from "fast-check";
import { changeFrame, type Frame, type Message } from "./frame.ts";
import { catchUp, drain, type Line, mostWaiting, newLine, offer, type Sink } from "./line.ts";

const frame = (id: number): Frame =>
  changeFrame({ change_seq: id, event_type: "task.updated", task_id: null, version: 1 });

/** A client with room for a given number of messages. */
function fakeClient(room = Number.POSITIVE_INFINITY) {
  const got: { id: number | null; event: string }[] = [];
  const sink: Sink = {
    hasRoom: () => client.room > 0,
    write: (message: Message) => {
      client.room -= 1;
      got.push(JSON.parse(message.text()));
    },
    ping: () => {},
    end: () => {},
  };
  const client = {
    sink,
    got,
    room,
    ids: () => got.map(({ id }) => id),
    resyncs: () => got.filter(({ event }) => event === "resync"),
  };
  return client;
}

const lineTo = (sink: Sink, after: number | null): Line =>
  newLine({
    kind: "sse",
    userId: "ada",
    sessionId: "one",
    expiresAtMs: null,
    sink,
    resumes: after === null ? null : { after },
    nowMs: 0,
    pingMs: 15_000,
  });

const range = (from: number, to: number): number[] =>
  Array.from({ length: Math.max(0, to - from + 1) }, (_, index) => from + index);
const isAscending = (ids: readonly (number | null)[]): boolean =>
  ids.every((id, index) => id !== null && (index === 0 || id > (ids[index - 1] ?? Number.POSITIVE_INFINITY)));

/**
 * A client that has seen change `after`; api read its answer when `read` was the newest; the bus
 * delivered from `from` on while api was being asked, in order but with repetitions, and the rest
 * after the answer.
 */
const interleaving = fc
  .record({ after: fc.nat(20), beyond: fc.nat(20), listening: fc.nat(20), live: fc.nat(20) })
  .chain(({ after, beyond, listening, live }) => {
    const read = after + beyond;
    const newest = read + listening + live;
    return fc.record({
      after: fc.constant(after),
      read: fc.constant(read),
      newest: fc.constant(newest),
      // Changes committed after api's read can only have been delivered since this client listens.
      from: fc.integer({ min: 0, max: read + 1 }),
      splitAt: fc.integer({ min: 0, max: newest }),
      repeats: fc.array(fc.record({ at: fc.nat(60), back: fc.nat(5) }), { maxLength: 8 }),
      shuffleHeld: fc.boolean(),
      room: fc.array(fc.integer({ min: 0, max: 4 }), { maxLength: 60 }),
    });
  });

/** The ids as an at-least-once bus delivers them: in order, each possibly again later. */
function withRepeats(ids: number[], repeats: { at: number; back: number }[]): number[] {
  const delivered = [...ids];
  for (const { at, back } of repeats) {
    const position = at % (delivered.length + 1);
    const again = delivered[position - back];
    if (position - back >= 0 && again !== undefined) delivered.splice(position, 0, again);
  }
  return delivered;
}

test("whatever the interleaving of missed, held and live changes, the client sees each exactly once, in ascending order", () => {
  fc.assert(
    fc.property(interleaving, ({ after, read, newest, from, splitAt, repeats, shuffleHeld, room }) => {
      const client = fakeClient(0);
      const line = lineTo(client.sink, after);
      const delivered = withRepeats(range(from, newest), repeats);
      const held = delivered.filter((id) => id <= splitAt);
      if (shuffleHeld) held.reverse();
      for (const id of held) offer(line, frame(id));
      catchUp(line, { kind: "changes", frames: range(after + 1, read).map(frame) });
      for (const id of delivered.filter((id) => id > splitAt)) {
        client.room += room.shift() ?? 0;
        drain(line);
        offer(line, frame(id));
      }
      client.room = Number.POSITIVE_INFINITY;
      drain(line);
      expect(client.ids()).toEqual(range(after + 1, newest));
    }),
    { numRuns: 2_000 },
  );
});

test("ids only ascend, whatever is delivered in whatever order", () => {
  const step = fc.oneof(
    fc.record({ kind: fc.constant("offer" as const), id: fc.integer({ min: 1, max: 40 }) }),
    fc.record({ kind: fc.constant("room" as const), id: fc.nat(5) }),
    fc.record({ kind: fc.constant("catchUp" as const), id: fc.integer({ min: 0, max: 40 }) }),
  );
  fc.assert(
    fc.property(fc.option(fc.nat(20)), fc.array(step, { maxLength: 80 }), (after, steps) => {
      const client = fakeClient(1);
      const line = lineTo(client.sink, after);
      for (const { kind, id } of steps) {
        if (kind === "offer") offer(line, frame(id));
        else if (kind === "catchUp") catchUp(line, { kind: "changes", frames: range(1, id).map(frame) });
        else {
          client.room += id;
          drain(line);
        }
      }
      expect(isAscending(client.ids())).toBe(true);
    }),
    { numRuns: 2_000 },
  );
});

test("a change that is delivered late, after a newer one was sent, is dropped", () => {
  const client = fakeClient();
  const line = lineTo(client.sink, null);
  for (const id of [5, 7, 6, 7, 8]) offer(line, frame(id));
  expect(client.ids()).toEqual([5, 7, 8]);
});

test("nothing is sent before the missed changes are known", () => {
  const client = fakeClient();
  const line = lineTo(client.sink, 3);
  offer(line, frame(6));
  drain(line);
  expect(client.got).toEqual([]);
  catchUp(line, { kind: "changes", frames: [frame(4), frame(5)] });
  expect(client.ids()).toEqual([4, 5, 6]);
});

test("a client too far behind gets a resync and resumes from the newest change", () => {
  const client = fakeClient();
  const line = lineTo(client.sink, 9_000);
  for (const id of [41, 42, 43]) offer(line, frame(id));
  catchUp(line, { kind: "resync", latest: 42 });
  expect(client.got.map(({ id, event }) => [id, event])).toEqual([
    [42, "resync"],
    [43, "task.changed"],
  ]);
});

test("when api is unavailable the client gets a resync and still receives later changes", () => {
  const client = fakeClient();
  const line = lineTo(client.sink, 3);
  offer(line, frame(9));
  catchUp(line, { kind: "resync", latest: null });
  expect(client.got.map(({ id, event }) => [id, event])).toEqual([
    [null, "resync"],
    [9, "task.changed"],
  ]);
});

test("a client that does not read costs a bounded queue, and one resync once it reads again", () => {
  const client = fakeClient(2);
  const line = lineTo(client.sink, null);
  for (const id of range(1, 50_000)) offer(line, frame(id));
  expect(line.waiting.length).toBe(0);
  client.room = 10;
  drain(line);
  offer(line, frame(50_001));
  expect(client.got.map(({ id, event }) => [id, event])).toEqual([
    [1, "task.changed"],
    [2, "task.changed"],
    [50_000, "resync"],
    [50_001, "task.changed"],
  ]);
});

test("up to 1 000 waiting changes are kept one by one", () => {
  const client = fakeClient(0);
  const line = lineTo(client.sink, null);
  for (const id of range(1, mostWaiting)) offer(line, frame(id));
  client.room = Number.POSITIVE_INFINITY;
  drain(line);
  expect(client.ids()).toEqual(range(1, 1_000));
});

test("a flood while api is being asked is bounded too, and ends in one resync that covers it", () => {
  const client = fakeClient();
  const line = lineTo(client.sink, 5);
  for (const id of range(6, 30_000)) offer(line, frame(id));
  expect(line.held?.length).toBe(0);
  catchUp(line, { kind: "changes", frames: range(6, 900).map(frame) });
  offer(line, frame(30_000));
  offer(line, frame(30_001));
  expect(client.got.map(({ id, event }) => [id, event])).toEqual([
    [30_000, "resync"],
    [30_001, "task.changed"],
  ]);
});
