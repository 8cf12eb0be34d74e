import { expect, test } from "bun:test";
import { type Evidence, judgeHistory } from "./judge-history.ts";

const ids = Array.from({ length: 5 }, (_, at) => `0197c3f0-0000-7000-8000-00000000000${at}`);

/** Five events, all of them settled and written as entries. */
function evidence(change: {
  chain?: Partial<Evidence["chain"]>;
  known?: Partial<Evidence["known"]>;
  compared?: Partial<Evidence["compared"]>;
  forged?: readonly string[];
  eventsAfter?: number | null;
}): Evidence {
  return {
    chain: { ok: true, checked: 5, first_broken: null, reason: null, ...change.chain },
    known: { events: 5, settled: ids, waiting: [], since: "2026-11-21T09:00:00.000Z", ...change.known },
    compared: { entries: 5, missing: [], foreign: [], is_erased: false, ...change.compared },
    forged: change.forged ?? [],
    eventsAfter: change.eventsAfter === undefined ? 5 : change.eventsAfter,
  };
}

const cases: [string, Parameters<typeof evidence>[0], Partial<ReturnType<typeof judgeHistory>>][] = [
  ["everything is there", {}, { ok: true, checked: 5, missing: 0, pending: 0 }],
  [
    "the newest events are on their way",
    { known: { settled: ids.slice(0, 3), waiting: ids.slice(3) }, compared: { entries: 3 } },
    { ok: true, missing: 0, pending: 2 },
  ],
  [
    "an event came while audit was asked",
    { compared: { entries: 6 }, eventsAfter: 6 },
    { ok: true, missing: 0, pending: 0 },
  ],
  [
    "events of an older account were never counted",
    { known: { events: null }, compared: { entries: 400 }, eventsAfter: null },
    { ok: true, missing: 0, pending: 0 },
  ],
  [
    "G8: a settled event has no entry",
    { compared: { entries: 4, missing: [ids[2] ?? ""] } },
    { ok: false, reason: "missing", first_broken: ids[2] ?? "", missing: 1 },
  ],
  [
    "G8: entries from before api's retention are missing",
    { known: { events: 90 }, compared: { entries: 60 }, eventsAfter: 90 },
    { ok: false, reason: "missing", first_broken: null, missing: 30 },
  ],
  [
    "G8: events on their way do not hide an older loss",
    { known: { events: 9, settled: [], waiting: ids }, compared: { entries: 1 } },
    { ok: false, reason: "missing", missing: 3 },
  ],
  [
    "G8: an entry matches no event of api's",
    { compared: { entries: 6, foreign: ["forged"] }, forged: ["forged"] },
    { ok: false, reason: "forged", first_broken: "forged" },
  ],
  [
    "G8: there are more entries than there were events",
    { compared: { entries: 7 }, eventsAfter: 6 },
    { ok: false, reason: "forged", first_broken: null },
  ],
  [
    "G8: everything was erased, although the account exists",
    { chain: { checked: 0 }, compared: { entries: 0, missing: ids, is_erased: true } },
    { ok: false, checked: 0, reason: "erased", first_broken: ids[0] ?? "", missing: 5 },
  ],
  [
    "G8: what audit found is reported",
    { chain: { ok: false, checked: 2, first_broken: ids[2] ?? "", reason: "changed" } },
    { ok: false, checked: 2, reason: "changed", first_broken: ids[2] ?? "" },
  ],
];
test.each(cases)("%s", (_, change, verdict) => {
  expect(judgeHistory(evidence(change))).toMatchObject(verdict);
});
