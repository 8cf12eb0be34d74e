import { Reset } from "@carillon/contracts/http/ways-back";
import { answer, describe, readBody, requireNoQuery, toResponse } from "@carillon/kit/http";
import { Elysia } from "elysia";
import { type Change, change } from "../../change/change.ts";
import type { ApiDeps } from "../../deps.ts";
import { type Arrival, admitSignUp, arrivalOf } from "../admission/admit.ts";
import type { FairQueue } from "../admission/fair-queue.ts";
import { clearTries } from "../admission/tries.ts";
import { endAllCredentials } from "../end-credentials.ts";
import { type LetterKey, letterOf, linkIsOver } from "../letters/links.ts";
import { writeLetter } from "../letters/write-letter.ts";
import { logged } from "../security-log.ts";
import { accountOf, requireStrongPassword } from "../user.ts";

export const resetRoute = (deps: ApiDeps, entrance: FairQueue) =>
  new Elysia().post(
    "/api/auth/reset",
    async ({ request }) => {
      const body = await readBody(request, Reset);
      requireNoQuery(request);
      const letter = letterOf(deps.seals, "reset", body.token);
      const subject = letter ? { user_id: letter.userId } : {};
      await logged(deps, request, { event: "password reset", subject }, async () =>
        reset(deps, arrivalOf(deps, request), entrance, { letter, password: body.new_password }),
      );
      return toResponse(answer(204));
    },
    {
      parse: "none",
      detail: describe({
        summary: "Set a new password with the link from a mail; ends every session and all access tokens",
        description:
          "Passkeys and connected accounts at a provider are removed; an authenticator app, channels and calendar feeds stay, unless they are older than the proof of the address.",
        tag: "Accounts",
        body: Reset,
        answers: { 204: "Set; sign in with it" },
        errors: [422],
        auth: false,
      }),
    },
  );

type Input = { letter: LetterKey | null; password: string };

/** Sets the password once. @throws Problem 422 for a link that was used, has run out or is none, and for a password that is guessed first. */
async function reset(deps: ApiDeps, arrival: Arrival, entrance: FairQueue, { letter, password }: Input): Promise<void> {
  const caller = await entrance.run(arrival.caller, () => admitSignUp(deps, arrival));
  const email = letter && (await addresseeOf(deps, letter));
  if (!letter || !email) throw over();
  requireStrongPassword(password, { email, pointer: "/new_password" });
  const hash = await deps.passwords.hash(password, caller);
  await change(deps, { userId: letter.userId, actor: "user" }, async (current) => {
    await useLetter(current, letter);
    await current.tx`update api.users set password_hash = ${hash} where id = ${letter.userId}`;
    await endAllCredentials(current, { keep: null });
    await endForeignWays(current);
    await writeLetter(current, "password_changed");
  });
  // Earlier guesses must not keep the owner waiting now.
  await clearTries({ sql: deps.sql, key: `account ${accountOf(deps, email)}` });
}

/**
 * Ends what opens the account beside the new password, and an app from before its address was proven: another person may have made the
 * account with this address, and then neither enters it, nor reads in it, nor keeps its reader out. Any other app stays the second lock that it is.
 */
async function endForeignWays(change: Change): Promise<void> {
  const { tx, userId } = change;
  await tx`delete from api.passkeys where user_id = ${userId}`;
  await tx`delete from api.passkey_starts where user_id = ${userId}`;
  await tx`delete from api.identities where user_id = ${userId}`;
  await tx`delete from api.provider_flows where user_id = ${userId}`;
  const apps = await tx`
    delete from api.totp t using api.users u
    where t.user_id = ${userId} and u.id = ${userId} and t.confirmed_at < u.email_verified_at`;
  if (apps.count > 0) await tx`delete from api.recovery_codes where user_id = ${userId}`;
  await endForeignEars(change);
}

/** Ends channels and calendar feeds from before the address was proven. A reminder that waited for one of them alone is claimed again. */
async function endForeignEars({ tx, userId }: Change): Promise<void> {
  await tx`
    delete from api.feeds f using api.users u
    where f.user_id = ${userId} and u.id = ${userId} and f.created_at < u.email_verified_at`;
  await tx`
    with gone as (
      delete from api.channels c using api.users u
      where c.user_id = ${userId} and u.id = ${userId} and c.created_at < u.email_verified_at returning c.id
    ), parts as (
      delete from api.channel_sends s using gone
      where s.user_id = ${userId} and s.channel_id = gone.id and s.state = 'pending' returning s.reminder_id, s.generation
    )
    delete from api.channel_sends s using parts, api.reminders r
    where s.user_id = ${userId} and s.reminder_id = parts.reminder_id and s.generation = parts.generation and s.channel_id = ${userId}
      and r.user_id = ${userId} and r.id = s.reminder_id and r.state = 'pending'`;
}

const over = () => linkIsOver("an hour");

/** The address of the account that a letter still opens. */
async function addresseeOf({ sql, clock }: ApiDeps, { userId, id }: LetterKey): Promise<string | null> {
  const [row] = await sql<{ email: string }[]>`
    select u.email from api.letters l join api.users u on u.id = l.user_id
    where l.user_id = ${userId} and l.id = ${id} and l.kind = 'reset' and l.expires_at > ${clock.now()}`;
  return row?.email ?? null;
}

/** With one link used, the others that were asked for are over too, and so is a change of address that another person may have asked for. */
async function useLetter({ tx, userId, now }: Change, { id }: LetterKey): Promise<void> {
  const used = await tx<{ id: string }[]>`
    delete from api.letters where user_id = ${userId} and kind in ('reset', 'email_change') and expires_at > ${now}
    returning id`;
  if (!used.some((one) => one.id === id)) throw over();
}
