import { SignInProvider } from "@carillon/contracts/http/identities";
import { answer, describe, requireNoQuery, toResponse } from "@carillon/kit/http";
import { Elysia } from "elysia";
import type { ApiDeps } from "../../deps.ts";

export const getProviderRoute = ({ provider }: ApiDeps) =>
  new Elysia().get(
    "/api/signin/oidc",
    ({ request }) => {
      requireNoQuery(request);
      return toResponse(answer(200, { name: provider?.name ?? null } satisfies SignInProvider));
    },
    {
      parse: "none",
      detail: describe({
        summary: "The OpenID provider that signs people in, if one is set up",
        tag: "Accounts",
        answers: { 200: SignInProvider },
        auth: false,
      }),
    },
  );
