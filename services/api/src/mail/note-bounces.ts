import { Bounces } from "@carillon/contracts/http/letters";
import { answer, readBody, requireNoQuery, toResponse } from "@carillon/kit/http";
import type { InternalRoute } from "@carillon/kit/service";
import type { ApiDeps } from "../deps.ts";
import { stopAddresses } from "./stop-address.ts";

/** `POST /internal/mail/bounces`: the SMTP server says that these mailboxes do not exist. */
export const noteBouncesRoute = (deps: ApiDeps): InternalRoute => ({
  method: "POST",
  path: "/internal/mail/bounces",
  callers: ["notification"],
  async handle({ request }) {
    requireNoQuery(request);
    const { emails } = await readBody(request, Bounces);
    await stopAddresses(deps, emails, "bounced");
    return toResponse(answer(204));
  },
});
