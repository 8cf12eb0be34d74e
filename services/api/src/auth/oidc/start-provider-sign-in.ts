import { ProviderGo, ProviderStart } from "@carillon/contracts/http/identities";
import { answer, describe, readBody, requireNoQuery, toResponse } from "@carillon/kit/http";
import { Elysia } from "elysia";
import type { ApiDeps } from "../../deps.ts";
import { type Arrival, admitSecondStep, arrivalOf } from "../admission/admit.ts";
import type { FairQueue } from "../admission/fair-queue.ts";
import { logged } from "../security-log.ts";
import { ask, type ProviderQueue, providerOf } from "./ask.ts";
import { flowSeconds, openFlow, secretsOf } from "./flows.ts";

export const startProviderSignInRoute = (deps: ApiDeps, entrance: FairQueue, queue: ProviderQueue) =>
  new Elysia().post(
    "/api/signin/oidc/start",
    async ({ request }) => {
      providerOf(deps);
      const { again = false } = await readBody(request, ProviderStart);
      requireNoQuery(request);
      const go = await logged(deps, request, { event: "provider sign-in asked", subject: {} }, async () =>
        startProviderSignIn(deps, arrivalOf(deps, request), { entrance, queue, again }),
      );
      return toResponse(answer(200, go));
    },
    {
      parse: "none",
      detail: describe({
        summary: "Start to sign in with the OpenID provider: its page, for the browser",
        description:
          "The provider sends the browser back to `PUBLIC_URL/sign-in/provider/callback`, and nowhere else; `POST /api/signin/oidc` takes its answer once, within ten minutes. 404 where no provider is set up.",
        tag: "Accounts",
        body: ProviderStart,
        answers: { 200: ProviderGo },
        errors: [401, 404],
        auth: false,
      }),
    },
  );

type Starting = { entrance: FairQueue; queue: ProviderQueue; again: boolean };

async function startProviderSignIn(
  deps: ApiDeps,
  arrival: Arrival,
  { entrance, queue, again }: Starting,
): Promise<ProviderGo> {
  await entrance.run(arrival.caller, () => admitSecondStep(deps, arrival, null));
  const flow = await openFlow(deps, null, { again });
  const url = await ask(deps, queue, arrival.caller, async (provider) => provider.pageFor(secretsOf(flow), { again }));
  return { url: url.href, flow, expires_in: flowSeconds };
}
