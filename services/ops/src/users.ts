import { lookAfterAccount, type OperatorDeps } from "@carillon/api/operators";
import { AccountFacts, type OperatorAct, type OperatorRequest } from "@carillon/contracts/http/operators";
import { databaseNow } from "@carillon/kit/clock";
import type { Sql } from "@carillon/kit/database";
import { decode } from "@carillon/kit/http";
import { createLog } from "@carillon/kit/observe";
import type { Invoker } from "@carillon/kit/ports";
import { Problem } from "@carillon/kit/service";
import { type Report, report } from "./report.ts";

/** What looks after accounts: api, here or there. @throws Problem "not_found" without such an account, "conflict" for its only way in. */
export type Keeper = (request: OperatorRequest) => Promise<AccountFacts>;

/** Of a product in one process, on its database; what was done is written to standard error as a line of its log. */
export function keeperHere(api: Sql): Keeper {
  const log = createLog({ service: "ops", level: "info", write: (line) => process.stderr.write(`${line}\n`) });
  return async (request) => {
    const now = await databaseNow(api);
    const deps: OperatorDeps = { sql: api, log, clock: { now: () => now }, newId: () => Bun.randomUUIDv7() };
    return lookAfterAccount(deps, request);
  };
}

/** Of a product with sidecars: api is asked through ops' own. */
export const keeperThere =
  (invoke: Invoker): Keeper =>
  async (request) => {
    const response = await invoke.call(
      "api",
      new Request("http://localhost/internal/users", {
        method: "POST",
        headers: { "content-type": "application/json" },
        body: JSON.stringify(request),
      }),
    );
    const body: unknown = await response.json().catch(() => null);
    if (response.status === 404) throw new Problem("not_found", "");
    if (response.status === 409) throw new Problem("conflict", onlyWay);
    const facts = response.status === 200 ? decode(AccountFacts, body) : null;
    if (!facts?.fits) throw new Error(`api answered ${response.status} about that account.`);
    return facts.value;
  };

const onlyWay = "That is the only way into the account. Send a reset first.";

const done: Record<OperatorAct, string> = {
  find: "",
  "end-sessions": "Every session and access token has ended. ",
  "remove-app": "The authenticator app and its recovery codes are removed, and everything signed in has ended. ",
  "remove-passkeys": "The passkeys are removed, and everything signed in has ended. ",
  "remove-provider": "The accounts at the sign-in provider are disconnected, and everything signed in has ended. ",
  "send-reset": "A link for a new password is on its way, three an hour at most. ",
};

/** One act for the account of an address, and how the account is then. Exit 1 without such an account. */
export async function lookAfterUser(keeper: Keeper, act: OperatorAct, email: string): Promise<Report> {
  try {
    const facts = await keeper({ email, act });
    return report([`${done[act]}${sentenceOf(facts)}`], { act, ...facts });
  } catch (error) {
    if (!(error instanceof Problem) || (error.code !== "not_found" && error.code !== "conflict")) throw error;
    const text = error.code === "conflict" ? onlyWay : "No account has that address.";
    return report([text], { act, error: error.code }, 1);
  }
}

function sentenceOf(facts: AccountFacts): string {
  const ways = [
    facts.has_password ? "a password" : "no password",
    facts.has_app ? "an authenticator app" : "no authenticator app",
    `passkeys: ${facts.passkeys}`,
    `at the provider: ${facts.identities}`,
  ];
  const proof = facts.email_verified ? "proven" : "not proven";
  return `User ${facts.user_id}, since ${facts.created_at.slice(0, 10)}, address ${proof}; ${ways.join(", ")}; sessions: ${facts.sessions}, access tokens: ${facts.tokens}.`;
}
