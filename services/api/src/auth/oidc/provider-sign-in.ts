import { SignedIn } from "@carillon/contracts/http/auth";
import { ProviderSignIn } from "@carillon/contracts/http/identities";
import { deviceHeader } from "@carillon/contracts/names";
import { describe, readBody, requireNoQuery } from "@carillon/kit/http";
import { Elysia } from "elysia";
import { change } from "../../change/change.ts";
import type { ApiDeps } from "../../deps.ts";
import { type Arrival, admitSecondStep, arrivalOf, recognised } from "../admission/admit.ts";
import { deviceMarkMeaning, markOf } from "../admission/device-mark.ts";
import type { FairQueue } from "../admission/fair-queue.ts";
import { answerFirstStep, type FirstStep, stepForLog, takeFirstStep } from "../factors/first-step.ts";
import { logged } from "../security-log.ts";
import { requireTimeZone, type UserRow, userColumns } from "../user.ts";
import { ask, opensNothing, type ProviderQueue, providerOf } from "./ask.ts";
import { secretsOf, takeFlow } from "./flows.ts";
import type { ProvenPerson } from "./provider.ts";
import { signUpByProvider } from "./sign-up-by-provider.ts";

export const providerSignInRoute = (deps: ApiDeps, entrance: FairQueue, queue: ProviderQueue) =>
  new Elysia().post(
    "/api/signin/oidc",
    async ({ request }) => {
      providerOf(deps);
      const body = await readBody(request, ProviderSignIn);
      requireNoQuery(request);
      if (body.time_zone) requireTimeZone(body.time_zone);
      const step = await logged(deps, request, { event: "provider sign-in", subject: {}, ...stepForLog }, async () =>
        enterByProvider(deps, arrivalOf(deps, request), { entrance, queue }, body),
      );
      return answerFirstStep(step);
    },
    {
      parse: "none",
      detail: describe({
        summary: "Sign in, or up, with what the OpenID provider answered",
        description:
          "An identity that is not known makes an account without a password, of the address that the provider has proven. Where another account has that address the answer is 409: sign in to it, and connect the provider there.",
        tag: "Accounts",
        body: ProviderSignIn,
        answers: { 200: SignedIn },
        errors: [401, 403, 404, 409],
        headers: { [deviceHeader]: deviceMarkMeaning },
        answerHeaders: { [deviceHeader]: deviceMarkMeaning },
        auth: false,
      }),
    },
  );

type Queues = { entrance: FairQueue; queue: ProviderQueue };

/** @throws Problem 401 for an answer to no question of this browser, 503 when the provider does not answer. */
async function enterByProvider(
  deps: ApiDeps,
  arrival: Arrival,
  { entrance, queue }: Queues,
  { flow, callback_url, time_zone }: ProviderSignIn,
): Promise<FirstStep> {
  const provider = providerOf(deps);
  // No bucket of the account: the provider's signature cannot be guessed.
  await entrance.run(arrival.caller, () => admitSecondStep(deps, arrival, null));
  const started = await takeFlow(deps, flow, null);
  if (!started) throw opensNothing(provider);
  const person = await ask(deps, queue, arrival.caller, async (one) =>
    one.personOf(callback_url, secretsOf(flow), started),
  );
  const known = await ownerOf(deps, person);
  if (known !== null) return enter(deps, arrival, known, person);
  const timeZone = person.timeZone ?? time_zone ?? "UTC";
  const signedIn = await signUpByProvider(deps, arrival, { provider, person, timeZone });
  const userId = signedIn.user.id;
  return { kind: "entered", userId, signedIn, mark: markOf(deps, userId, null) };
}

/** The user whom this person's identity opens the account of. */
async function ownerOf({ sql }: ApiDeps, { issuer, subject }: ProvenPerson): Promise<string | null> {
  const [row] = await sql<{ user_id: string }[]>`
    select user_id from api.identities where issuer = ${issuer} and subject = ${subject}`;
  return row?.user_id ?? null;
}

async function enter(deps: ApiDeps, arrival: Arrival, userId: string, person: ProvenPerson): Promise<FirstStep> {
  const admission = await recognised(deps, arrival, userId);
  const { issuer, subject, email, authenticatedAt } = person;
  return change(deps, { userId, actor: "user" }, async (current) => {
    const { tx, now } = current;
    const used = await tx`
      update api.identities set last_used_at = ${now}, email = coalesce(${email}, email)
      where user_id = ${userId} and issuer = ${issuer} and subject = ${subject}`;
    const [user] = await tx<UserRow[]>`select ${userColumns(tx)} from api.users where id = ${userId}`;
    // It was removed while the provider answered.
    if (used.count === 0 || !user) throw opensNothing(providerOf(deps));
    return takeFirstStep(deps, current, user, { ...admission, provenAt: authenticatedAt });
  });
}
