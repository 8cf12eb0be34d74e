import type { HistoryRebuilt, HistoryVerification, InternalRebuildHistory } from "@carillon/contracts/http/audit";
import type { Sql } from "@carillon/kit/database";
import { Problem } from "@carillon/kit/service";
import type { Static } from "@sinclair/typebox";
import { type Report, report } from "./report.ts";

export type RebuildStep = Static<typeof InternalRebuildHistory>;

/** What verifies and rebuilds histories: api, which knows the events, with audit behind it. */
export type Historian = {
  /**
   * The verdict, or null when there is no such account. @throws Problem "unavailable" while a long
   * history is being read.
   */
  verify(userId: string): Promise<HistoryVerification | null>;
  /** One step. @throws Problem "not_found" without such an account. */
  rebuild(step: RebuildStep): Promise<HistoryRebuilt>;
};

export type AuditDeps = {
  /** Where histories are expected, and where they exist. */
  api: Sql;
  audit: Sql;
  historian: Historian;
  sleep: (ms: number) => Promise<unknown>;
};

/** Attempts, 2 s apart, for a long history that is still being read ("try again"). */
const maxAsks = 300;

type Finding = Omit<HistoryVerification, "reason"> & { user_id: string; reason: string | null };

/** Whether histories are intact, and what happened. Exit 1 when one is not, or cannot be verified. */
export async function verifyAudit(deps: AuditDeps, user: string | "all"): Promise<Report> {
  const broken: Finding[] = [];
  const total = { users: 0, entries: 0 };
  for await (const userId of user === "all" ? usersOf(deps) : [user]) {
    const finding = { user_id: userId, ...((await asked(deps, () => deps.historian.verify(userId))) ?? leftOver) };
    total.users++;
    total.entries += finding.checked;
    if (!finding.ok) broken.push(finding);
  }
  const lines = broken.map(sentenceOf);
  lines.push(
    `${total.entries} entries of ${total.users} ${total.users === 1 ? "user" : "users"} fit; broken histories: ${broken.length}.`,
  );
  return report(lines, { ok: broken.length === 0, ...total, broken }, broken.length === 0 ? 0 : 1);
}

/** A history without its account: an unfinished erasure, or inserted entries. */
const leftOver = { ok: false, checked: 0, first_broken: null, reason: "no account", missing: 0, pending: 0 };

function sentenceOf({ user_id, checked, first_broken, reason, missing }: Finding): string {
  const where = first_broken === null ? "" : `, then ${first_broken}`;
  return `BROKEN: user ${user_id}, ${checked} entries fit${where} (${reason}${missing > 0 ? `, ${missing} missing` : ""}).`;
}

/** Restores missing entries, as far as api still has the events. Exit 1 when something is lost. */
export async function rebuildAudit(deps: AuditDeps, user: string | "all", acceptLoss: boolean): Promise<Report> {
  const lines: string[] = [];
  const total = { users: 0, lost: 0, restated: 0, refused: 0 };
  let isWell = true;
  for await (const user_id of user === "all" ? accountsOf(deps.api) : [user]) {
    const done = await rebuildOne(deps, { user_id, after: 0, accept_loss: acceptLoss });
    total.users++;
    total.lost += done.lost;
    total.restated += done.restated;
    total.refused += done.refused;
    isWell &&= !done.is_erased && done.refused === 0 && (done.lost === 0 || acceptLoss);
    if (done.is_erased) lines.push(`user ${user_id}: its history was erased and accepts no entries any more.`);
    else if (done.lost > 0)
      lines.push(
        `user ${user_id}: ${done.lost} changes are older than what api keeps${acceptLoss ? "; accepted" : ""}.`,
      );
  }
  lines.push(
    `Rebuilt ${total.users} ${total.users === 1 ? "history" : "histories"}; lost: ${total.lost}, stated once: ${total.restated}.`,
  );
  return report(lines, { ok: isWell, ...total }, isWell ? 0 : 1);
}

async function rebuildOne(deps: AuditDeps, first: RebuildStep): Promise<HistoryRebuilt> {
  const sum = { refused: 0 };
  for (let step = first; ; ) {
    const done = await asked(deps, () => deps.historian.rebuild(step));
    sum.refused += done.refused;
    if (done.next === null) return { ...done, ...sum };
    step = { ...step, after: done.next };
  }
}

async function asked<Answer>({ sleep }: AuditDeps, ask: () => Promise<Answer>): Promise<Answer> {
  for (let asks = 1; ; asks++) {
    try {
      return await ask();
    } catch (error) {
      const isBusy = error instanceof Problem && error.code === "unavailable" && "retry-after" in error.headers;
      if (!isBusy || asks >= maxAsks) throw error;
      await sleep(2_000);
    }
  }
}

const beforeEveryId = "00000000-0000-0000-0000-000000000000";

/** Every account, and every user with a head or an entry, in order: no table is read as a whole. */
async function* usersOf({ api, audit }: AuditDeps): AsyncGenerator<string> {
  for (let last = beforeEveryId; ; ) {
    const [kept]: { next: string | null }[] = await audit<{ next: string | null }[]>`
      select least(
        (select user_id from audit.heads where user_id > ${last} order by user_id limit 1),
        (select user_id from audit.entries where user_id > ${last} order by user_id limit 1)
      ) as next`;
    const nexts = [kept?.next ?? null, await accountAfter(api, last)].flatMap((next) => next ?? []);
    const [next] = nexts.sort();
    if (next === undefined) return;
    last = next;
    yield next;
  }
}

async function* accountsOf(api: Sql): AsyncGenerator<string> {
  for (
    let last: string | null = await accountAfter(api, beforeEveryId);
    last !== null;
    last = await accountAfter(api, last)
  )
    yield last;
}

async function accountAfter(api: Sql, last: string): Promise<string | null> {
  const [row] = await api<{ id: string }[]>`select id from api.users where id > ${last} order by id limit 1`;
  return row?.id ?? null;
}
