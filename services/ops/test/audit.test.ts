import { afterAll, expect, test } from "bun:test";
import { testDatabase } from "@carillon/testing/database";
import { type AuditDeps, verifyAudit } from "../src/audit.ts";

const database = await testDatabase({ migrations: ["audit"] });
const audit = database.connectAs("audit");
afterAll(async () => {
  await audit.end();
  await database.close();
});

const users = Array.from({ length: 3 }, () => Bun.randomUUIDv7());
const orphan = Bun.randomUUIDv7();
await audit`insert into audit.heads (user_id) select unnest(${users}::uuid[])`;
await audit`
  insert into audit.entries (user_id, seq, id, action, actor, at, version, changes, prev_hash, hash)
  values (${orphan}, 1, ${Bun.randomUUIDv7()}, 'task.created', 'user', now(), 1, '{}', '\\x', '\\x')`;

/** audit, as far as this command knows it: an answer for each user. */
function auditThat(answers: (userId: string, asked: number) => Response | Promise<Response>) {
  const asked: string[] = [];
  const deps: AuditDeps = {
    audit,
    sleep: async () => {},
    async ask(path) {
      const userId = /^\/internal\/verify\?user_id=([\w-]{36})$/.exec(path)?.[1] ?? path;
      asked.push(userId);
      return answers(userId, asked.filter((one) => one === userId).length);
    },
  };
  return { deps, asked };
}

const whole = { ok: true, checked: 5, first_broken: null, reason: null };

test("--all asks about every user that has a head or an entry, once", async () => {
  const { deps, asked } = auditThat(() => Response.json(whole));
  const { data, exitCode } = await verifyAudit(deps, "all");
  expect(data).toEqual({ ok: true, users: 4, entries: 20, broken: [] });
  expect(exitCode).toBe(0);
  expect(asked).toEqual([...users, orphan].sort());
});

test("G8: a broken history is named with its first broken entry, the others are still asked about, and the exit code is 1", async () => {
  const broken = { ok: false, checked: 2, first_broken: "the-third", reason: "changed" };
  const { deps } = auditThat((userId) => Response.json(userId === users[1] ? broken : whole));
  const { data, lines, exitCode } = await verifyAudit(deps, "all");
  expect(data).toEqual({ ok: false, users: 4, entries: 17, broken: [{ user_id: users[1], ...broken }] });
  expect(lines).toEqual([
    `BROKEN: user ${users[1]}, 2 entries fit, then the-third.`,
    "17 entries of 4 users fit; broken histories: 1.",
  ]);
  expect(exitCode).toBe(1);
});

test("a history that takes long is asked about until it is judged", async () => {
  const { deps, asked } = auditThat((_, times) =>
    times < 4 ? new Response(null, { status: 503 }) : Response.json(whole),
  );
  expect((await verifyAudit(deps, users[0] ?? "")).data).toMatchObject({ ok: true, users: 1 });
  expect(asked).toHaveLength(4);
});

test("no judgement is never taken for a good one", async () => {
  const answers = [
    () => new Response(null, { status: 401 }),
    () => Response.json({ ok: true }),
    () => new Response(null, { status: 503 }),
    () => Promise.reject(new Error("audit cannot be reached.")),
  ];
  const sentences = ["audit answered 401", "no verification", "audit answered 503", "audit cannot be reached."];
  for (const [index, answer] of answers.entries()) {
    await expect(verifyAudit(auditThat(answer).deps, users[0] ?? "")).rejects.toThrow(sentences[index] ?? "");
  }
});
