import { CredentialOptions } from "@carillon/contracts/http/passkeys";
import { answer, describe, requireNoQuery, toResponse } from "@carillon/kit/http";
import { Problem } from "@carillon/kit/service";
import { generateRegistrationOptions } from "@simplewebauthn/server";
import { Elysia } from "elysia";
import { type Change, change } from "../../change/change.ts";
import type { ApiDeps } from "../../deps.ts";
import { type Caller, personOf } from "../caller.ts";
import { requireRecentProof } from "../proof/recent-proof.ts";
import { logged } from "../security-log.ts";
import { algorithms, challengeMinutes, challengeMs, handleOf, partyOf } from "./relying-party.ts";

/** Passkeys of an account. */
export const maxPasskeys = 20;

export const startPasskeyRoute = (deps: ApiDeps) =>
  new Elysia().post(
    "/api/passkeys/options",
    async ({ request }) => {
      const person = personOf(request);
      requireNoQuery(request);
      const options = await logged(
        deps,
        request,
        { event: "factor start", subject: { user_id: person.userId } },
        async () => {
          requireRecentProof(deps, person);
          return change(deps, { userId: person.userId, actor: "user" }, (current) =>
            startPasskey(deps, current, person),
          );
        },
      );
      return toResponse(answer(200, options));
    },
    {
      parse: "none",
      detail: describe({
        summary: "Start to make a passkey: options for the browser",
        description: `For \`navigator.credentials.create\`; \`POST /api/passkeys\` takes its result within ${challengeMinutes} minutes, in the same session.`,
        tag: "Second factors",
        answers: { 200: CredentialOptions },
        errors: [409],
      }),
    },
  );

type Known = { credential_id: string; transports: string };

/** @throws Problem 409 beyond 20 of them. */
async function startPasskey(deps: ApiDeps, { tx, userId, now }: Change, { credentialId: sessionId }: Caller) {
  const [user] = await tx<[{ email: string; name: string }]>`select email, name from api.users where id = ${userId}`;
  const known = await tx<Known[]>`select credential_id, transports from api.passkeys where user_id = ${userId}`;
  requireRoom(known.length);
  const { id } = partyOf(deps);
  const options = await generateRegistrationOptions({
    rpName: "Carillon",
    rpID: id,
    userName: user.email,
    userDisplayName: user.name,
    userID: handleOf(userId),
    timeout: challengeMs,
    supportedAlgorithmIDs: algorithms,
    excludeCredentials: known.map((one) => ({ id: one.credential_id, transports: listOf(one.transports) })),
    // It signs in without an address, and its own lock stands for a second factor.
    authenticatorSelection: { residentKey: "required", userVerification: "required" },
  });
  await tx`
    insert into api.passkey_starts (user_id, challenge, session_id, expires_at)
    values (${userId}, ${options.challenge}, ${sessionId}, ${new Date(now.getTime() + challengeMs)})
    on conflict (user_id) do update set challenge = excluded.challenge, session_id = excluded.session_id,
      expires_at = excluded.expires_at`;
  return options;
}

export function requireRoom(count: number): void {
  if (count >= maxPasskeys)
    throw new Problem("conflict", `There may be at most ${maxPasskeys} passkeys; remove some first.`);
}

export const listOf = (transports: string): string[] => transports.split(",").filter(Boolean);
