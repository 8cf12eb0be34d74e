import { AuditVerification } from "@carillon/contracts/http/audit";
import type { Sql } from "@carillon/kit/database";
import { explain } from "@carillon/kit/http";
import { type Report, report } from "./report.ts";

export type AuditDeps = {
  /** Knows whose histories there are. */
  audit: Sql;
  /** audit's own door. @throws Error with one sentence when nobody is there. */
  ask: (path: string) => Promise<Response>;
  sleep: (ms: number) => Promise<unknown>;
};

/** A long history is read for a while; audit says "ask again" meanwhile. So often it is asked, 2 s apart. */
const maxAsks = 300;

type Finding = AuditVerification & { user_id: string };

/** Whether histories are whole, by audit's own judgement. Exit 1 when one is not, or cannot be judged. */
export async function verifyAudit(deps: AuditDeps, user: string | "all"): Promise<Report> {
  const users = user === "all" ? usersOf(deps.audit) : [user];
  const broken: Finding[] = [];
  const total = { users: 0, entries: 0 };
  for await (const userId of users) {
    const finding = { user_id: userId, ...(await verify(deps, userId)) };
    total.users++;
    total.entries += finding.checked;
    if (!finding.ok) broken.push(finding);
  }
  const lines = broken.map(
    (one) => `BROKEN: user ${one.user_id}, ${one.checked} entries fit, then ${one.first_broken}.`,
  );
  lines.push(
    `${total.entries} entries of ${total.users} ${total.users === 1 ? "user" : "users"} fit; broken histories: ${broken.length}.`,
  );
  return report(lines, { ok: broken.length === 0, ...total, broken }, broken.length === 0 ? 0 : 1);
}

/** Every user with a head or an entry, in order, one after the other: neither table is read as a whole. */
async function* usersOf(sql: Sql): AsyncGenerator<string> {
  for (let last: string | null = "00000000-0000-0000-0000-000000000000"; ; ) {
    const [row]: { next: string | null }[] = await sql<{ next: string | null }[]>`
      select least(
        (select user_id from audit.heads where user_id > ${last} order by user_id limit 1),
        (select user_id from audit.entries where user_id > ${last} order by user_id limit 1)
      ) as next`;
    last = row?.next ?? null;
    if (last === null) return;
    yield last;
  }
}

/** @throws Error with one sentence when audit gives no judgement. */
async function verify({ ask, sleep }: AuditDeps, userId: string): Promise<AuditVerification> {
  for (let asks = 1; ; asks++) {
    const answer = await ask(`/internal/verify?user_id=${userId}`);
    if (answer.status === 200) return verificationOf(await answer.json());
    if (answer.status !== 503 || asks >= maxAsks)
      throw new Error(`audit answered ${answer.status} about user ${userId}.`);
    await sleep(2_000);
  }
}

function verificationOf(body: unknown): AuditVerification {
  if (explain(AuditVerification, body).length > 0) throw new Error("audit's answer is no verification.");
  // Sound: it fits the schema.
  return body as AuditVerification;
}
