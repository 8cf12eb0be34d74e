import { expect, test } from "bun:test";
import fc from "fast-check";
import { type Entry, emptyTail, link, type Tail, tailOf } from "./chain.ts";
import type { Draft } from "./entry.ts";
import { createSeals } from "./seals.ts";
import { type Anchor, type ChainSource, verifyChain } from "./verify-chain.ts";

const seals = createSeals("a key of the tests, which no database knows");
const proof = { seals, mark: null };
/** What a role with all rights on the database has: every hash, and no key. */
const forger = createSeals("a key of a role that guesses, as long as it is");

type Stored = { entries: Entry[]; head: Tail };

/** A chain in memory, paged in threes as the database pages in hundreds. */
function source({ entries, head }: Stored): ChainSource {
  const sorted = entries.toSorted((a, b) => a.seq - b.seq);
  return {
    anchor: async () => ({ head, strayId: sorted.find((entry) => entry.seq > head.seq)?.id ?? null, isErased: false }),
    page: async (after, last) => sorted.filter((entry) => entry.seq > after && entry.seq <= last).slice(0, 3),
  };
}

function chained(drafts: readonly Draft[]): Stored {
  let head = emptyTail;
  const entries = drafts.map((draft) => {
    const entry = link(head, draft, seals);
    head = tailOf(entry);
    return entry;
  });
  return { entries, head };
}

const draft: fc.Arbitrary<Draft> = fc.record({
  userId: fc.constant("0197c3f0-0000-7000-8000-000000000001"),
  id: fc.uuid(),
  taskId: fc.option(fc.uuid()),
  tagId: fc.option(fc.uuid()),
  batchId: fc.option(fc.uuid()),
  action: fc.constantFrom("task.created", "task.updated", "tag.deleted"),
  actor: fc.constantFrom("user", "assistant"),
  via: fc.option(fc.uuid().map((id) => `token ${id}`)),
  at: fc.date({ min: new Date(0), max: new Date("2199-12-31"), noInvalidDate: true }).map((at) => at.toISOString()),
  version: fc.nat(1_000),
  changes: fc.string().map((title) => JSON.stringify({ title: [null, title] })),
});
const history = fc.uniqueArray(draft, { minLength: 1, maxLength: 12, selector: (one) => one.id }).map(chained);
const intact = history.chain((stored) =>
  fc.record({ stored: fc.constant(stored), at: fc.nat(stored.entries.length - 1) }),
);

const entryAt = ({ entries }: Stored, index: number): Entry => {
  const entry = entries[index];
  if (!entry) throw new Error(`no entry ${index}`);
  return entry;
};

test("G8: an untouched chain verifies", async () => {
  await fc.assert(
    fc.asyncProperty(history, async (stored) => {
      expect(await verifyChain(source(stored), proof)).toEqual({
        ok: true,
        checked: stored.entries.length,
        first_broken: null,
        reason: null,
      });
    }),
  );
  expect(await verifyChain(source(chained([])), proof)).toEqual({
    ok: true,
    checked: 0,
    first_broken: null,
    reason: null,
  });
});

/** Another value of each field: the result of editing that field alone. */
const edits: { [Field in keyof Entry]: (entry: Entry) => Entry[Field] } = {
  userId: () => "0197c3f0-0000-7000-8000-000000000002",
  id: ({ id }) => (id.startsWith("0") ? `1${id.slice(1)}` : `0${id.slice(1)}`),
  taskId: ({ taskId }) => (taskId === null ? "0197c3f0-0000-7000-8000-0000000000aa" : null),
  tagId: ({ tagId }) => (tagId === null ? "0197c3f0-0000-7000-8000-0000000000aa" : null),
  batchId: ({ batchId }) => (batchId === null ? "0197c3f0-0000-7000-8000-0000000000aa" : null),
  action: ({ action }) => `${action}x`,
  actor: ({ actor }) => (actor === "user" ? "system" : "user"),
  via: ({ via }) => (via === null ? "token 0197c3f0-0000-7000-8000-0000000000aa" : null),
  at: ({ at }) => new Date(Date.parse(at) + 1).toISOString(),
  version: ({ version }) => version + 1,
  changes: ({ changes }) => changes.replace("null", '"other"'),
  seq: ({ seq }) => seq,
  prevHash: ({ prevHash }) => flipped(prevHash),
  hash: ({ hash }) => flipped(hash),
  seal: ({ seal }) => flipped(seal),
};
const flipped = (hash: string): string => hash.slice(0, -1) + (hash.endsWith("0") ? "1" : "0");

for (const field of Object.keys(edits) as (keyof Entry)[]) {
  if (field === "seq") continue;
  test(`G8: an entry whose ${field} was edited is found and named, at any position`, async () => {
    await fc.assert(
      fc.asyncProperty(intact, async ({ stored, at }) => {
        const entry = entryAt(stored, at);
        const edited = { ...entry, [field]: edits[field](entry) };
        const entries = stored.entries.with(at, edited);
        expect(await verifyChain(source({ ...stored, entries }), proof)).toEqual({
          ok: false,
          checked: at,
          first_broken: edited.id,
          reason: field === "seal" ? "forged" : "changed",
        });
      }),
    );
  });
}

test("G8: a moved entry is found; named is the first one that does not fit", async () => {
  await fc.assert(
    fc.asyncProperty(intact, fc.constantFrom(-1_000, 0, 1_000), async ({ stored, at }, seq) => {
      const entries = stored.entries.with(at, { ...entryAt(stored, at), seq });
      const moved = entryAt(stored, at).id;
      const named = seq <= 0 ? moved : (stored.entries[at + 1]?.id ?? moved);
      expect(await verifyChain(source({ ...stored, entries }), proof)).toMatchObject({
        ok: false,
        first_broken: named,
      });
    }),
  );
});

test("G8: a removed entry is found: named is the one behind the gap, or the newest when that was cut off", async () => {
  await fc.assert(
    fc.asyncProperty(intact, async ({ stored, at }) => {
      const named = stored.entries[at + 1]?.id ?? stored.head.entryId;
      const entries = stored.entries.toSpliced(at, 1);
      expect(await verifyChain(source({ ...stored, entries }), proof)).toEqual({
        ok: false,
        checked: at,
        first_broken: named,
        reason: at < entries.length ? "changed" : "removed",
      });
    }),
  );
});

test("G8: any number of newest entries cut off is found", async () => {
  await fc.assert(
    fc.asyncProperty(intact, async ({ stored, at }) => {
      const entries = stored.entries.slice(0, at);
      expect(await verifyChain(source({ ...stored, entries }), proof)).toEqual({
        ok: false,
        checked: at,
        first_broken: stored.head.entryId,
        reason: "removed",
      });
    }),
  );
});

test("G8: two swapped entries are found; named is the one now in the earlier position", async () => {
  const two = history
    .filter(({ entries }) => entries.length > 1)
    .chain((stored) =>
      fc.record({
        stored: fc.constant(stored),
        places: fc.subarray([...stored.entries.keys()], { minLength: 2, maxLength: 2 }),
      }),
    );
  await fc.assert(
    fc.asyncProperty(two, async ({ stored, places: [early = 0, late = 0] }) => {
      const [one, other] = [entryAt(stored, early), entryAt(stored, late)];
      const entries = stored.entries.with(early, { ...other, seq: one.seq }).with(late, { ...one, seq: other.seq });
      expect(await verifyChain(source({ ...stored, entries }), proof)).toEqual({
        ok: false,
        checked: early,
        first_broken: other.id,
        reason: "changed",
      });
    }),
  );
});

test("G8: a forged entry is found, with or without a hash that fits, appended or inserted with the rest moved on", async () => {
  await fc.assert(
    fc.asyncProperty(intact, draft, fc.boolean(), async ({ stored, at }, forgery, moveOn) => {
      const before = at === 0 ? emptyTail : tailOf(entryAt(stored, at - 1));
      const appended = link(stored.head, forgery, forger);
      expect(await verifyChain(source({ ...stored, entries: [...stored.entries, appended] }), proof)).toMatchObject({
        ok: false,
        first_broken: forgery.id,
      });
      const inserted = link(before, forgery, forger);
      const behind = stored.entries.slice(at).map((entry) => ({ ...entry, seq: entry.seq + 1 }));
      const replaced = stored.entries.slice(at + 1);
      const entries = [...stored.entries.slice(0, at), inserted, ...(moveOn ? behind : replaced)];
      expect(await verifyChain(source({ ...stored, entries }), proof)).toMatchObject({
        ok: false,
        first_broken: forgery.id,
        reason: "forged",
      });
    }),
  );
});

test("G8: a newest entry edited together with its own hash is found by the head", async () => {
  await fc.assert(
    fc.asyncProperty(history, async (stored) => {
      const last = entryAt(stored, stored.entries.length - 1);
      const before = stored.entries.length === 1 ? emptyTail : tailOf(entryAt(stored, stored.entries.length - 2));
      const entries = stored.entries.with(-1, link(before, { ...last, action: "task.deleted" }, forger));
      expect(await verifyChain(source({ ...stored, entries }), proof)).toMatchObject({
        ok: false,
        first_broken: last.id,
      });
    }),
  );
});

test("G8: entries without a head are a break, named from the oldest on", async () => {
  await fc.assert(
    fc.asyncProperty(history, async (stored) => {
      const first = entryAt(stored, 0).id;
      expect(await verifyChain(source({ ...stored, head: emptyTail }), proof)).toEqual({
        ok: false,
        checked: 0,
        first_broken: first,
        reason: "changed",
      });
    }),
  );
});

test("a user erased while the chain is read is not a break", async () => {
  const stored = chained(fc.sample(draft, 7));
  const anchors: Anchor[] = [{ head: stored.head, strayId: null, isErased: false }];
  const vanishing: ChainSource = {
    anchor: async () => anchors.shift() ?? { head: emptyTail, strayId: "of a later page", isErased: true },
    page: async (after) => (after < 0 ? stored.entries.slice(0, 3) : []),
  };
  expect(await verifyChain(vanishing, proof)).toEqual({ ok: true, checked: 0, first_broken: null, reason: null });
});

test("G8: a chain rewritten from any entry on, with every hash and the head recomputed, is found at that entry", async () => {
  await fc.assert(
    fc.asyncProperty(intact, async ({ stored, at }) => {
      let head = at === 0 ? emptyTail : tailOf(entryAt(stored, at - 1));
      const rewritten = stored.entries.slice(at).map((entry, index) => {
        const draft = index === 0 ? { ...entry, action: "task.deleted" } : entry;
        const { seal: _, ...linked } = link(head, draft, forger);
        head = tailOf({ ...linked, seal: "" });
        // The seals stay: a database role cannot make new ones.
        return { ...linked, seal: entry.seal };
      });
      const entries = [...stored.entries.slice(0, at), ...rewritten];
      const isTouched = entryAt({ entries, head }, at).hash !== entryAt(stored, at).hash;
      expect(await verifyChain(source({ entries, head }), proof)).toEqual(
        isTouched
          ? { ok: false, checked: at, first_broken: entryAt(stored, at).id, reason: "forged" }
          : { ok: true, checked: entries.length, first_broken: null, reason: null },
      );
    }),
  );
});

test("G8: a chain cut off with its head set back is consistent in itself, and found by the process that wrote the removed entries", async () => {
  await fc.assert(
    fc.asyncProperty(intact, async ({ stored, at }) => {
      const entries = stored.entries.slice(0, at);
      const head = at === 0 ? emptyTail : tailOf(entryAt(stored, at - 1));
      expect(await verifyChain(source({ entries, head }), proof)).toMatchObject({ ok: true, checked: at });
      expect(await verifyChain(source({ entries, head }), { seals, mark: stored.head })).toEqual({
        ok: false,
        checked: at,
        first_broken: stored.head.entryId,
        reason: "removed",
      });
    }),
  );
});

test("the previous key still verifies what it sealed, an unknown one does not", async () => {
  const stored = chained(fc.sample(draft, 3));
  const rotated = createSeals(
    "the key that came after it, just as long",
    "a key of the tests, which no database knows",
  );
  expect(await verifyChain(source(stored), { seals: rotated, mark: null })).toMatchObject({ ok: true, checked: 3 });
  expect(await verifyChain(source(stored), { seals: forger, mark: null })).toMatchObject({
    ok: false,
    checked: 0,
    reason: "forged",
  });
});
