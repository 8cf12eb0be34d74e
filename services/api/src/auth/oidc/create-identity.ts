import { type Identity, Identity as IdentitySchema, NewIdentity } from "@carillon/contracts/http/identities";
import { answer, describe, readBody } from "@carillon/kit/http";
import { Problem } from "@carillon/kit/service";
import { Elysia } from "elysia";
import type { Change } from "../../change/change.ts";
import { answerOnce } from "../../change/idempotency.ts";
import { readInput } from "../../change/read-input.ts";
import type { ApiDeps } from "../../deps.ts";
import { arrivalOf } from "../admission/admit.ts";
import { personOf } from "../caller.ts";
import { writeLetter } from "../letters/write-letter.ts";
import { logged } from "../security-log.ts";
import { ask, opensNothing, type ProviderQueue, providerOf } from "./ask.ts";
import { secretsOf, takeFlow } from "./flows.ts";
import { type IdentityRow, identityColumns, toIdentity } from "./identity-row.ts";
import type { ProvenPerson, Provider } from "./provider.ts";
import { requireProvenAddress } from "./start-identity.ts";

/** Accounts at providers that open one account. */
export const maxIdentities = 5;

export const createIdentityRoute = (deps: ApiDeps, queue: ProviderQueue) =>
  new Elysia().post(
    "/api/identities",
    async ({ request }) => {
      const { userId, credentialId: sessionId } = personOf(request);
      const provider = providerOf(deps);
      const body = await readInput(request, () => readBody(request, NewIdentity));
      return logged(deps, request, { event: "provider link", subject: { user_id: userId } }, async () => {
        const started = await takeFlow(deps, body.flow, { userId, sessionId });
        const { caller } = arrivalOf(deps, request);
        const person = started
          ? await ask(deps, queue, caller, async (one) =>
              one.personOf(body.callback_url, secretsOf(body.flow), started),
            )
          : null;
        return answerOnce(deps, request, body, async (change) =>
          answer(201, await createIdentity(change, provider, person)),
        );
      });
    },
    {
      parse: "none",
      detail: describe({
        summary: "Connect an account at the OpenID provider, which then signs in to this one",
        description: "Between an address that you have proven here and one that the provider has proven.",
        tag: "Second factors",
        body: NewIdentity,
        answers: { 201: IdentitySchema },
        errors: [404, 409],
        headers: { "Idempotency-Key": "Repeats give the first answer again, for 24 h." },
      }),
    },
  );

/** @throws Problem 401 without a person, 403 without a proven address there, 409 without one here, beyond 5, and for one that is connected. */
async function createIdentity(change: Change, provider: Provider, person: ProvenPerson | null): Promise<Identity> {
  const { tx, userId, now } = change;
  if (person === null) throw opensNothing(provider);
  if (person.email === null) throw noAddress(provider);
  await requireProvenAddress(tx, userId);
  const [there] = await tx<[{ count: number }]>`
    select count(*)::int4 as count from api.identities where user_id = ${userId}`;
  if (there.count >= maxIdentities)
    throw new Problem("conflict", `There may be at most ${maxIdentities} of them; remove some first.`);
  const [row] = await tx<IdentityRow[]>`
    insert into api.identities (user_id, id, issuer, subject, email, created_at)
    values (${userId}, ${change.newId()}, ${person.issuer}, ${person.subject}, ${person.email}, ${now})
    on conflict (issuer, subject) do nothing returning ${identityColumns(tx)}`;
  if (!row) throw new Problem("conflict", `That account at ${provider.name} opens an account here already.`);
  await writeLetter(change, "factor_changed");
  return toIdentity(row, provider);
}

export const noAddress = ({ name }: Provider) =>
  new Problem("forbidden", `${name} does not say that your e-mail address there is confirmed. Confirm it there first.`);
