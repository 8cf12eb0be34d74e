import { expect, test } from "bun:test";
import { fairBatch, firstShare, shareAfter } from "./fair-batch.ts";
import type { OutboxRow } from "./outbox-row.ts";

const rowsOf = (userId: string, count: number): OutboxRow[] =>
  Array.from({ length: count }, (_, at) => ({ userId, changeSeq: String(at + 1), slot: 0, event: "{}", ageMs: 0 }));

/** An outbox that answers as the database would, and counts its reads. */
function outbox(all: readonly OutboxRow[]) {
  const asked: (readonly string[])[] = [];
  const store = {
    async unpublished(_: readonly number[], without: readonly string[], limit: number) {
      asked.push(without);
      return all.filter(({ userId }) => !without.includes(userId)).slice(0, limit);
    },
  };
  return { asked, read: (share: number) => fairBatch({ store, slots: [0], without: ["held"], limit: 100, share }) };
}

test("while no user has many rows one read is enough, and nothing is left out", async () => {
  const { asked, read } = outbox([...rowsOf("anna", 5), ...rowsOf("held", 1), ...rowsOf("bert", 5)]);
  const { rows, isCut } = await read(5);
  expect([rows.length, isCut, asked]).toEqual([10, false, [["held"]]]);
});

test("behind users with many rows the others are found, with the oldest rows of each in order", async () => {
  const { read } = outbox([...rowsOf("anna", 1_000), ...rowsOf("bert", 1_000), ...rowsOf("cleo", 2)]);
  const { rows, isCut } = await read(3);
  expect(isCut).toBe(true);
  expect(rows.map(({ userId, changeSeq }) => userId + changeSeq)).toEqual(
    ["anna", "bert", "cleo"].flatMap((name) => [1, 2, 3].map((at) => name + at)).slice(0, 8),
  );
});

test("G25: however many users have many rows, the database is asked eight times", async () => {
  const { asked, read } = outbox(Array.from({ length: 50 }, (_, at) => rowsOf(`user ${at}`, 200)).flat());
  const { rows } = await read(3);
  expect([asked.length, rows.length]).toEqual([8, 24]);
});

test("a share grows while batches are quick, shrinks while they are slow, within bounds, and resets when no user needs it", () => {
  const after = (share: number, tookMs: number, isCut = true) => shareAfter(share, { isCut, tookMs });
  expect([after(25, 10), after(400, 10), after(25, 300), after(25, 900), after(8, 900)]).toEqual([50, 500, 25, 13, 8]);
  expect(after(500, 10, false)).toBe(firstShare);
});
