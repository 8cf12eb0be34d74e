import type { AccountFacts, OperatorAct, OperatorRequest } from "@carillon/contracts/http/operators";
import type { Db } from "@carillon/kit/database";
import { notFound } from "@carillon/kit/service";
import { type Change, changeUnseated } from "../../change/change.ts";
import type { ApiDeps } from "../../deps.ts";
import { isProven } from "../address/proof.ts";
import { endAllCredentials } from "../end-credentials.ts";
import { requireWayIn } from "../last-way-in.ts";
import { writeLetter } from "../letters/write-letter.ts";
import { emailKeyOf } from "../user.ts";

export type OperatorDeps = Pick<ApiDeps, "sql" | "log" | "clock" | "newId">;

type Work = (deps: OperatorDeps, change: Change, emailKey: string) => Promise<void>;

/** Each act but `find`, in one transaction. */
const works: Record<Exclude<OperatorAct, "find">, Work> = {
  "end-sessions": async (_deps, change) => endAllCredentials(change, { keep: null }),
  async "remove-app"(_deps, change) {
    const { tx, userId } = change;
    await tx`delete from api.totp where user_id = ${userId}`;
    await tx`delete from api.recovery_codes where user_id = ${userId}`;
    await endWhatWasBefore(change);
  },
  async "remove-passkeys"(_deps, change) {
    await change.tx`delete from api.passkeys where user_id = ${change.userId}`;
    await endWhatWasBefore(change);
  },
  async "remove-provider"(_deps, change) {
    await change.tx`delete from api.identities where user_id = ${change.userId}`;
    await endWhatWasBefore(change);
  },
  // As if the owner had asked: the same mail, and no more of them.
  "send-reset": async ({ newId }, { tx, now }, emailKey) =>
    void (await tx`insert into api.forgotten (id, email_key, created_at) values (${newId()}, ${emailKey}, ${now})`),
};

/**
 * Does what an operator asks for the account of an address, and says how it is then. Every act is a security event, whose actor is the operator.
 * @throws Problem 404 without such an account, 409 when nothing would open it any more.
 */
export async function lookAfterAccount(deps: OperatorDeps, { email, act }: OperatorRequest): Promise<AccountFacts> {
  const { sql, log } = deps;
  const key = emailKeyOf(email);
  const [user] = key === null ? [] : await sql<{ id: string }[]>`select id from api.users where email_key = ${key}`;
  const event = { event: "operator act", actor: "operator", act };
  if (!user || key === null) {
    log.warn("security event", { ...event, outcome: "failed" });
    throw notFound();
  }
  const userId = user.id;
  if (act !== "find")
    await changeUnseated(deps, { userId, actor: "system" }, async (change) => works[act](deps, change, key));
  log.info("security event", { ...event, outcome: "ok", user_id: userId });
  return factsOf(sql, userId);
}

async function endWhatWasBefore(change: Change): Promise<void> {
  await requireWayIn(change);
  await endAllCredentials(change, { keep: null });
  await writeLetter(change, "factor_changed");
}

type Row = Omit<AccountFacts, "created_at"> & { created_at: Date };

async function factsOf(sql: Db, userId: string): Promise<AccountFacts> {
  const [row] = await sql<Row[]>`
    select u.id as user_id, u.created_at, ${isProven(sql, "u")} as email_verified, u.password_hash is not null as has_password,
      exists (select from api.totp where user_id = u.id and confirmed_at is not null) as has_app,
      (select count(*)::int4 from api.passkeys where user_id = u.id) as passkeys,
      (select count(*)::int4 from api.identities where user_id = u.id) as identities,
      (select count(*)::int4 from api.sessions where user_id = u.id) as sessions,
      (select count(*)::int4 from api.tokens where user_id = u.id) as tokens
    from api.users u where u.id = ${userId}`;
  if (!row) throw notFound();
  return { ...row, created_at: row.created_at.toISOString() };
}
