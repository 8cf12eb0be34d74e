import { expect, test } from "bun:test";
import { canonicalJson } from "./canonical-json.ts";
import { emptyTail, follows, hashOf, link, tailOf } from "./chain.ts";
import type { Draft } from "./entry.ts";
import { createSeals } from "./seals.ts";

const seals = createSeals("a key of the tests, which no database knows");

const draft: Draft = {
  userId: "0197c3f0-0000-7000-8000-000000000001",
  id: "0197c3f0-0000-7000-8000-0000000000ee",
  taskId: null,
  tagId: null,
  batchId: null,
  via: null,
  action: 'tag."renamed"',
  actor: "user",
  at: "2026-11-21T09:00:00.000Z",
  version: 3,
  changes: '{"name":["a","b"]}',
};

test("the hash is SHA-256 over the canonical JSON of the whole entry, its position and the hash before it", () => {
  const {
    prevHash,
    taskId,
    tagId,
    batchId,
    via,
    userId,
    changes,
    hash,
    seal: _,
    ...rest
  } = link(emptyTail, draft, seals);
  const text = canonicalJson({
    ...rest,
    changes: JSON.parse(changes),
    prev_hash: prevHash,
    task_id: taskId,
    user_id: userId,
  });
  expect(hash).toBe(new Bun.CryptoHasher("sha256").update(`carillon.audit.entry.v1\n${text}`).digest("hex"));
});

test("a hash once given never changes: entries of older releases must still verify", () => {
  expect(hashOf({ ...draft, seq: 1, prevHash: emptyTail.hash })).toBe(
    "e28ae7a66e25947c05e814b0bf38706c0f492ff9ea238aeb310afb89de8c564d",
  );
});

test("an entry of a batch, or of a tag, is hashed with their ids, in a layout of its own", () => {
  const of = "0197c3f0-0000-7000-8000-0000000000bb";
  for (const named of [
    { batchId: of, tagId: null },
    { batchId: null, tagId: of },
  ]) {
    const {
      prevHash,
      taskId,
      tagId,
      batchId,
      via,
      userId,
      changes,
      hash,
      seal: _,
      ...rest
    } = link(emptyTail, { ...draft, ...named }, seals);
    const ids = { batch_id: batchId, tag_id: tagId, task_id: taskId, user_id: userId, prev_hash: prevHash };
    const text = canonicalJson({ ...rest, ...ids, changes: JSON.parse(changes) });
    expect(hash).toBe(new Bun.CryptoHasher("sha256").update(`carillon.audit.entry.v2\n${text}`).digest("hex"));
  }
});

test("an entry of an assistant is hashed with the word it acted on, in a layout of its own", () => {
  const via = "token 0197c3f0-0000-7000-8000-0000000000bb";
  const entry = link(emptyTail, { ...draft, via }, seals);
  const { prevHash, taskId, tagId, batchId, userId, changes, hash, seal: _, ...rest } = entry;
  const ids = { batch_id: batchId, tag_id: tagId, task_id: taskId, user_id: userId, prev_hash: prevHash };
  const text = canonicalJson({ ...rest, ...ids, changes: JSON.parse(changes) });
  expect(hash).toBe(new Bun.CryptoHasher("sha256").update(`carillon.audit.entry.v3\n${text}`).digest("hex"));
});

test("entries link to each other only in their order", () => {
  const first = link(emptyTail, draft, seals);
  const second = link(tailOf(first), draft, seals);
  expect([follows(emptyTail, first), follows(tailOf(first), second)]).toEqual([true, true]);
  expect([follows(emptyTail, second), follows(tailOf(second), first), follows(tailOf(first), first)]).toEqual([
    false,
    false,
    false,
  ]);
});

test("an entry that leaves a gap does not follow, although its own hash fits", () => {
  const late = { ...link(emptyTail, draft, seals), seq: 2 };
  expect(follows(emptyTail, { ...late, hash: hashOf(late) })).toBe(false);
});
