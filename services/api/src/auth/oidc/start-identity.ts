import { ProviderGo } from "@carillon/contracts/http/identities";
import type { Db } from "@carillon/kit/database";
import { answer, describe, requireNoQuery, toResponse } from "@carillon/kit/http";
import { Problem } from "@carillon/kit/service";
import { Elysia } from "elysia";
import type { ApiDeps } from "../../deps.ts";
import { isProven } from "../address/proof.ts";
import { arrivalOf } from "../admission/admit.ts";
import { type Caller, personOf } from "../caller.ts";
import { requireRecentProof } from "../proof/recent-proof.ts";
import { logged } from "../security-log.ts";
import { ask, type ProviderQueue, providerOf } from "./ask.ts";
import { flowSeconds, openFlow, secretsOf } from "./flows.ts";

export const startIdentityRoute = (deps: ApiDeps, queue: ProviderQueue) =>
  new Elysia().post(
    "/api/identities/start",
    async ({ request }) => {
      const person = personOf(request);
      providerOf(deps);
      requireNoQuery(request);
      const go = await logged(deps, request, { event: "factor start", subject: { user_id: person.userId } }, async () =>
        startIdentity(deps, request, person, queue),
      );
      return toResponse(answer(200, go));
    },
    {
      parse: "none",
      detail: describe({
        summary: "Start to connect an account at the OpenID provider: its page, for the browser",
        description:
          "`POST /api/identities` takes its answer once, within ten minutes, in the same session. 404 where no provider is set up, 409 while your own address is not proven.",
        tag: "Second factors",
        answers: { 200: ProviderGo },
        errors: [404, 409],
      }),
    },
  );

async function startIdentity(
  deps: ApiDeps,
  request: Request,
  person: Caller,
  queue: ProviderQueue,
): Promise<ProviderGo> {
  requireRecentProof(deps, person);
  await requireProvenAddress(deps.sql, person.userId);
  const { userId, credentialId: sessionId } = person;
  const flow = await openFlow(deps, { userId, sessionId }, { again: false });
  const { caller } = arrivalOf(deps, request);
  const url = await ask(deps, queue, caller, async (provider) => provider.pageFor(secretsOf(flow), { again: false }));
  return { url: url.href, flow, expires_in: flowSeconds };
}

/** @throws Problem 409: an account made with a foreign address must not get another way in. */
export async function requireProvenAddress(db: Db, userId: string): Promise<void> {
  const proven = await db`select from api.users u where u.id = ${userId} and ${isProven(db, "u")}`;
  if (proven.count === 0)
    throw new Problem("conflict", "Confirm your e-mail address first, by the link that was mailed to it.");
}
