import { parseInstant } from "@carillon/calendar/zone";
import { CreatedToken, NewToken } from "@carillon/contracts/http/auth";
import { answer, describe, readBody } from "@carillon/kit/http";
import { invalid, Problem } from "@carillon/kit/service";
import { Elysia } from "elysia";
import type { Change } from "../../change/change.ts";
import { answerOnce } from "../../change/idempotency.ts";
import { readInput } from "../../change/read-input.ts";
import type { ApiDeps } from "../../deps.ts";
import { makeAccessToken } from "../access-token.ts";
import { personOf } from "../caller.ts";
import { writeLetter } from "../letters/write-letter.ts";
import { requireRecentProof } from "../proof/recent-proof.ts";
import { logged } from "../security-log.ts";
import { maxTokenDays, type TokenRow, tokenColumns, tokenEnd, toToken } from "./token-row.ts";

/** Maximum active access tokens of a user. */
const mostTokens = 100;

export const createTokenRoute = (deps: ApiDeps) =>
  new Elysia().post(
    "/api/tokens",
    async ({ request }) => {
      const person = personOf(request);
      const { userId } = person;
      const body = await readInput(request, () => readBody(request, NewToken));
      return logged(deps, request, { event: "token creation", subject: { user_id: userId } }, async () => {
        requireRecentProof(deps, person);
        return answerOnce(deps, request, body, async (change) => answer(201, await createToken(change, body)), {
          shownOnce: "This access token was already created and is shown only once. Revoke it and create another one.",
        });
      });
    },
    {
      parse: "none",
      detail: describe({
        summary: "Create an access token for a program; it is shown this once",
        description: "Asks for a recent proof: 403 proof_required, then POST /api/auth/proof.",
        tag: "Access tokens",
        body: NewToken,
        answers: { 201: CreatedToken },
        errors: [409],
        headers: {
          "Idempotency-Key":
            "A repeat creates no second token and answers 409, for 24 h: the token is shown only once.",
        },
      }),
    },
  );

/**
 * The new token in clear text, which is stored nowhere. @throws Problem 409 beyond 100 of them, 422
 * for an expiry in the past or more than a year ahead.
 */
export async function createToken(change: Change, { name, scope, expires_at }: NewToken): Promise<CreatedToken> {
  const { tx, userId, now } = change;
  const latest = new Date(now.getTime() + maxTokenDays * 86_400_000);
  const expiresAt = expires_at == null ? latest : parseInstant(expires_at);
  if (expiresAt === null || expiresAt <= now)
    throw invalid({ pointer: "/expires_at", detail: "must be in the future" });
  if (expiresAt > latest) throw invalid({ pointer: "/expires_at", detail: "must be within a year from now" });
  const [count] = await tx<{ living: number }[]>`
    select count(*)::int4 as living from api.tokens
    where user_id = ${userId} and ${tokenEnd(tx)} > ${now}`;
  if (count && count.living >= mostTokens) {
    throw new Problem("conflict", `There may be at most ${mostTokens} access tokens; revoke some first.`);
  }
  const { token, hash } = makeAccessToken();
  const [row] = await tx<[TokenRow]>`
    insert into api.tokens (user_id, id, name, scope, token_hash, created_at, expires_at)
    values (${userId}, ${change.newId()}, ${name}, ${scope}, ${Buffer.from(hash)}, ${now}, ${expiresAt})
    returning ${tokenColumns(tx)}`;
  await writeLetter(change, "new_token");
  return { ...toToken(row), token };
}
