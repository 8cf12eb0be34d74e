import { NewPasskey, Passkey } from "@carillon/contracts/http/passkeys";
import { answer, describe, readBody } from "@carillon/kit/http";
import { invalid, Problem } from "@carillon/kit/service";
import { verifyRegistrationResponse } from "@simplewebauthn/server";
import { Elysia } from "elysia";
import type { Change } from "../../change/change.ts";
import { answerOnce } from "../../change/idempotency.ts";
import { readInput } from "../../change/read-input.ts";
import type { ApiDeps } from "../../deps.ts";
import { personOf } from "../caller.ts";
import { writeLetter } from "../letters/write-letter.ts";
import { logged } from "../security-log.ts";
import { clientName } from "../sessions/client-name.ts";
import { type PasskeyRow, passkeyColumns, toPasskey } from "./passkey-row.ts";
import { algorithms, partyOf, refusalOf } from "./relying-party.ts";
import { requireRoom } from "./start-passkey.ts";

export const createPasskeyRoute = (deps: ApiDeps) =>
  new Elysia().post(
    "/api/passkeys",
    async ({ request }) => {
      const { userId, credentialId: sessionId } = personOf(request);
      const body = await readInput(request, () => readBody(request, NewPasskey));
      const name = body.name?.trim() || clientName(request.headers.get("user-agent"));
      return logged(deps, request, { event: "passkey creation", subject: { user_id: userId } }, async () => {
        const challenge = await takeStart(deps, userId, sessionId);
        const made = challenge === null ? null : await verified(deps, body.credential, challenge);
        return answerOnce(deps, request, body, async (change) => {
          if (challenge === null)
            throw new Problem("conflict", "This took too long or was not started here; start again.");
          return answer(201, await createPasskey(change, { made, name }));
        });
      });
    },
    {
      parse: "none",
      detail: describe({
        summary: "Make a passkey, which then signs in without address, password or code",
        tag: "Second factors",
        body: NewPasskey,
        answers: { 201: Passkey },
        errors: [409],
        headers: { "Idempotency-Key": "Repeats give the first answer again, for 24 h." },
      }),
    },
  );

/** The challenge that this session started with; its first answer ends it, right or wrong. */
async function takeStart({ sql, clock }: ApiDeps, userId: string, sessionId: string): Promise<string | null> {
  const [started] = await sql<{ challenge: string }[]>`
    delete from api.passkey_starts where user_id = ${userId} and session_id = ${sessionId} and expires_at > ${clock.now()}
    returning challenge`;
  return started?.challenge ?? null;
}

type Made = NonNullable<Awaited<ReturnType<typeof verified>>>;

/** @throws Problem 409 beyond 20 of them, and for one that is there; 422 for what does not answer its challenge. */
async function createPasskey(change: Change, { made, name }: { made: Made | null; name: string }): Promise<Passkey> {
  const { tx, userId, now } = change;
  if (!made)
    throw invalid({ pointer: "/credential", detail: "is no passkey for this site, or answers another challenge" });
  const [count] = await tx<[{ count: number }]>`
    select count(*)::int4 as count from api.passkeys where user_id = ${userId}`;
  requireRoom(count.count);
  const [row] = await tx<PasskeyRow[]>`
    insert into api.passkeys (user_id, id, name, credential_id, public_key, counter, transports, created_at)
    values (${userId}, ${change.newId()}, ${name}, ${made.id}, ${Buffer.from(made.publicKey)}, ${made.counter},
      ${(made.transports ?? []).join(",")}, ${now})
    on conflict (user_id, credential_id) do nothing returning ${passkeyColumns(tx)}`;
  if (!row) throw new Problem("conflict", "This passkey is there already.");
  await writeLetter(change, "factor_changed");
  return toPasskey(row);
}

/** Whatever is wrong with a credential is the client's: the library says it by throwing. */
async function verified(deps: ApiDeps, response: NewPasskey["credential"], challenge: string) {
  const { id, origin } = partyOf(deps);
  try {
    const { verified, registrationInfo } = await verifyRegistrationResponse({
      response: asRegistration(response),
      expectedChallenge: challenge,
      expectedOrigin: origin,
      expectedRPID: id,
      requireUserVerification: true,
      supportedAlgorithmIDs: algorithms,
    });
    return verified ? registrationInfo.credential : null;
  } catch (error) {
    deps.log.debug("a passkey was refused", { reason: refusalOf(error) });
    return null;
  }
}

type Registration = Parameters<typeof verifyRegistrationResponse>[0]["response"];

// Sound: the library reads only what the schema holds, and checks the rest by itself.
const asRegistration = (given: NewPasskey["credential"]): Registration =>
  ({ ...given, clientExtensionResults: {} }) as Registration;
