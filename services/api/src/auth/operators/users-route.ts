import { OperatorRequest } from "@carillon/contracts/http/operators";
import { answer, readBody, requireNoQuery, toResponse } from "@carillon/kit/http";
import type { InternalRoute } from "@carillon/kit/service";
import type { ApiDeps } from "../../deps.ts";
import { lookAfterAccount } from "./look-after-account.ts";

/** `POST /internal/users`: what an operator does with one account. */
export const usersRoute = (deps: ApiDeps): InternalRoute => ({
  method: "POST",
  path: "/internal/users",
  callers: ["ops"],
  async handle({ request }) {
    requireNoQuery(request);
    return toResponse(answer(200, await lookAfterAccount(deps, await readBody(request, OperatorRequest))));
  },
});
