import { afterAll, expect, test } from "bun:test";
import type { HistoryRebuilt, HistoryVerification } from "@carillon/contracts/http/audit";
import type { Invoker } from "@carillon/kit/ports";
import { Problem } from "@carillon/kit/service";
import { testDatabase } from "@carillon/testing/database";
import { type AuditDeps, type Historian, rebuildAudit, verifyAudit } from "../src/audit.ts";
import { historianThere } from "../src/historian.ts";

const database = await testDatabase({ migrations: ["api", "audit"] });
const [api, audit] = [database.connectAs("api"), database.connectAs("audit")];
afterAll(async () => {
  await Promise.all([api.end(), audit.end()]);
  await database.close();
});

const accounts = Array.from({ length: 3 }, () => Bun.randomUUIDv7());
const orphan = Bun.randomUUIDv7();
await api`
  insert into api.users (id, email, email_key, password_hash, created_at)
  select id, id || '@example.com', id || '@example.com', 'none', now() from unnest(${accounts}::uuid[]) id`;
// The third account has no history at all, not even a head.
await audit`insert into audit.heads (user_id) select unnest(${accounts.slice(0, 2)}::uuid[])`;
await audit`
  insert into audit.entries (user_id, seq, id, action, actor, at, version, changes, prev_hash, hash)
  values (${orphan}, 1, ${Bun.randomUUIDv7()}, 'task.created', 'user', now(), 1, '{}', '\\x', '\\x')`;

const whole: HistoryVerification = {
  ok: true,
  checked: 5,
  first_broken: null,
  reason: null,
  missing: 0,
  pending: 0,
};
const rebuilt: HistoryRebuilt = { taken: 3, refused: 0, restated: 0, next: null, lost: 0, is_erased: false };

/** Histories as this command sees them: an answer for each request. */
function depsWith(historian: Partial<Historian>): AuditDeps {
  const verify = async () => whole;
  return { api, audit, sleep: async () => {}, historian: { verify, rebuild: async () => rebuilt, ...historian } };
}

test("--all asks about every account and every user with a history, once", async () => {
  const asked: string[] = [];
  const verify = async (userId: string) => {
    asked.push(userId);
    return whole;
  };
  const { data, exitCode } = await verifyAudit(depsWith({ verify }), "all");
  expect(data).toEqual({ ok: true, users: 4, entries: 20, broken: [] });
  expect(exitCode).toBe(0);
  expect(asked).toEqual([...accounts, orphan].sort());
});

test("G8: a broken history is named with its first broken entry and why, the others are still asked about, and the exit code is 1", async () => {
  const broken = { ...whole, ok: false, checked: 2, first_broken: "the-third", reason: "missing" as const, missing: 4 };
  const verify = async (userId: string) => (userId === accounts[1] ? broken : userId === orphan ? null : whole);
  const { data, lines, exitCode } = await verifyAudit(depsWith({ verify }), "all");
  expect(data).toMatchObject({ ok: false, users: 4, entries: 12 });
  expect(lines).toEqual([
    `BROKEN: user ${accounts[1]}, 2 entries fit, then the-third (missing, 4 missing).`,
    `BROKEN: user ${orphan}, 0 entries fit (no account).`,
    "12 entries of 4 users fit; broken histories: 2.",
  ]);
  expect(exitCode).toBe(1);
});

test("a long history is asked about until it is verified", async () => {
  let asks = 0;
  const verify = async () => {
    if (++asks < 4) throw new Problem("unavailable", "still being checked", { headers: { "retry-after": "2" } });
    return whole;
  };
  expect((await verifyAudit(depsWith({ verify }), accounts[0] ?? "")).data).toMatchObject({ ok: true, users: 1 });
  expect(asks).toBe(4);
});

test("a missing verdict never counts as a good one", async () => {
  const answering = (answer: () => Response): AuditDeps => {
    const invoke: Invoker = { call: async () => answer() };
    return depsWith(historianThere(invoke));
  };
  const answers: [() => Response, string][] = [
    [() => new Response(null, { status: 401 }), "api answered 401"],
    [() => Response.json({ ok: true }), "not about a history"],
    [() => new Response(null, { status: 503 }), "cannot be read right now"],
  ];
  for (const [answer, sentence] of answers)
    await expect(verifyAudit(answering(answer), accounts[0] ?? "")).rejects.toThrow(sentence);
});

test("a rebuild goes step by step to its end, for every account, and reports what is lost; exit 1 unless it was accepted", async () => {
  const steps: unknown[] = [];
  const rebuild: Historian["rebuild"] = async (step) => {
    steps.push(step);
    if (step.user_id !== accounts[0]) return rebuilt;
    return step.after === 0 ? { ...rebuilt, next: 7 } : { ...rebuilt, lost: 2, restated: step.accept_loss ? 1 : 0 };
  };
  const first = await rebuildAudit(depsWith({ rebuild }), "all", false);
  expect(steps).toHaveLength(4);
  expect(steps).toContainEqual({ user_id: accounts[0], after: 7, accept_loss: false });
  expect(first).toMatchObject({ exitCode: 1, data: { ok: false, users: 3, lost: 2, restated: 0 } });
  expect(first.lines).toEqual([
    `user ${accounts[0]}: 2 changes are older than what api keeps.`,
    "Rebuilt 3 histories; lost: 2, stated once: 0.",
  ]);
  expect(await rebuildAudit(depsWith({ rebuild }), "all", true)).toMatchObject({ exitCode: 0, data: { restated: 1 } });
});

test("a history erased behind its owner's back is reported and not rebuilt", async () => {
  const rebuild: Historian["rebuild"] = async () => ({ ...rebuilt, is_erased: true });
  expect(await rebuildAudit(depsWith({ rebuild }), accounts[0] ?? "", true)).toMatchObject({ exitCode: 1 });
});
