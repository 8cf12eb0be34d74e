import { Verify } from "@carillon/contracts/http/ways-back";
import { answer, describe, readBody, requireNoQuery, toResponse } from "@carillon/kit/http";
import { Problem } from "@carillon/kit/service";
import { Elysia } from "elysia";
import { type Change, change } from "../../change/change.ts";
import type { ApiDeps } from "../../deps.ts";
import { letAddressGoOn } from "../../mail/index.ts";
import { admitSignUp, arrivalOf } from "../admission/admit.ts";
import { addressKinds, type LetterKey, letterOf, linkIsOver } from "../letters/links.ts";
import { writeLetter } from "../letters/write-letter.ts";
import { logged } from "../security-log.ts";
import { emailKeyOf } from "../user.ts";
import { takeAddress, unprovenDays } from "./proof.ts";

export const verifyRoute = (deps: ApiDeps) =>
  new Elysia().post(
    "/api/auth/verify",
    async ({ request }) => {
      const { token } = await readBody(request, Verify);
      requireNoQuery(request);
      const letter = letterOf(deps.seals, "verify", token);
      const subject = letter ? { user_id: letter.userId } : {};
      await logged(deps, request, { event: "address proof", subject }, async () => {
        await admitSignUp(deps, arrivalOf(deps, request));
        await verify(deps, letter);
      });
      return toResponse(answer(204));
    },
    {
      parse: "none",
      detail: describe({
        summary: "Prove an address with the link from a mail",
        description: "Of a new account, or of one whose address is being changed: then it is the account's address.",
        tag: "Accounts",
        body: Verify,
        answers: { 204: "Proven" },
        errors: [409, 422],
        auth: false,
      }),
    },
  );

/** @throws Problem 422 for a link that was used, has run out or is none, 409 when another account keeps the address. */
async function verify(deps: ApiDeps, letter: LetterKey | null): Promise<void> {
  if (!letter || !(await isWaiting(deps, letter))) throw over();
  await change(deps, { userId: letter.userId, actor: "user" }, async (current) => prove(deps, current, letter));
}

const over = () => linkIsOver(`${unprovenDays} days`);

/** Whether the letter's link still opens something. */
async function isWaiting({ sql, clock }: ApiDeps, { userId, id }: LetterKey): Promise<boolean> {
  const found = await sql`
    select from api.letters
    where user_id = ${userId} and id = ${id} and kind = any(${[...addressKinds]}::text[]) and expires_at > ${clock.now()}`;
  return found.count > 0;
}

async function prove(deps: ApiDeps, change: Change, { id }: LetterKey): Promise<void> {
  const { tx, userId, now } = change;
  const [letter] = await tx<{ kind: (typeof addressKinds)[number]; email: string | null }[]>`
    delete from api.letters l
    where user_id = ${userId} and id = ${id} and kind = any(${[...addressKinds]}::text[]) and expires_at > ${now}
      and not exists (select from api.letters newer
        where l.kind = 'email_change' and newer.user_id = ${userId} and newer.kind = l.kind and newer.id > l.id)
    returning kind, email`;
  if (!letter) throw over();
  const [user] = await tx<{ email: string }[]>`select email from api.users where id = ${userId}`;
  const email = letter.email ?? user?.email ?? "";
  const key = emailKeyOf(email);
  if (key === null || !(await takeAddress(change, key)))
    throw new Problem("conflict", "Another account has this address by now.");
  await tx`
    update api.users set email = ${email}, email_key = ${key}, claimed_key = null, email_verified_at = ${now}
    where id = ${userId}`;
  await letAddressGoOn(deps, tx, email);
  // The other links that were asked for are over too.
  await tx`delete from api.letters where user_id = ${userId} and kind = 'verify'`;
  if (letter.kind === "email_change") await leaveBehind(change, user?.email ?? null);
}

/** What was mailed to the former address opens nothing any more, and its owner hears of it. */
async function leaveBehind(change: Change, former: string | null): Promise<void> {
  await change.tx`
    delete from api.letters where user_id = ${change.userId} and kind in ('reset', 'email_change')`;
  if (former !== null) await writeLetter(change, "email_changed", { email: former });
}
