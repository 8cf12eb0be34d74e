import { CredentialOptions } from "@carillon/contracts/http/passkeys";
import { answer, describe, requireNoQuery, toResponse } from "@carillon/kit/http";
import { generateAuthenticationOptions } from "@simplewebauthn/server";
import { Elysia } from "elysia";
import type { ApiDeps } from "../../deps.ts";
import { admitSignUp, arrivalOf } from "../admission/admit.ts";
import type { FairQueue } from "../admission/fair-queue.ts";
import { challengeHash } from "./challenge-hash.ts";
import { challengeMinutes, challengeMs, partyOf } from "./relying-party.ts";

export const askPasskeyRoute = (deps: ApiDeps, entrance: FairQueue) =>
  new Elysia().post(
    "/api/signin/passkey/options",
    async ({ request }) => {
      requireNoQuery(request);
      const arrival = arrivalOf(deps, request);
      await entrance.run(arrival.caller, () => admitSignUp(deps, arrival));
      return toResponse(answer(200, await askPasskey(deps)));
    },
    {
      parse: "none",
      detail: describe({
        summary: "Start to sign in by passkey: options for the browser",
        description: `For \`navigator.credentials.get\`; \`POST /api/signin/passkey\` takes its result once, within ${challengeMinutes} minutes. They say nothing about accounts.`,
        tag: "Accounts",
        answers: { 200: CredentialOptions },
        auth: false,
      }),
    },
  );

async function askPasskey(deps: ApiDeps) {
  const options = await generateAuthenticationOptions({
    rpID: partyOf(deps).id,
    timeout: challengeMs,
    userVerification: "required",
  });
  await deps.sql`
    insert into api.passkey_sign_ins (challenge_hash, expires_at)
    values (${challengeHash(options.challenge)}, ${new Date(deps.clock.now().getTime() + challengeMs)})`;
  return options;
}
