import type { InternalRoute } from "@carillon/kit/service";
import { Elysia } from "elysia";
import type { ApiDeps } from "../deps.ts";
import { noteBouncesRoute } from "./note-bounces.ts";
import { resendWebhookRoute } from "./resend-webhook.ts";
import { showMailRoute } from "./show-mail.ts";

export { forgetGrants } from "./forget-grants.ts";
export { grantMails } from "./grant-mails.ts";
export { letAddressGoOn, stopOf } from "./stop-address.ts";

/** Whether mail may go out, and whether it arrives. */
export const mailRoutes = (deps: ApiDeps) =>
  new Elysia({ name: "mail" }).use(showMailRoute(deps)).use(resendWebhookRoute(deps));

export const mailInternals = (deps: ApiDeps): InternalRoute[] => [noteBouncesRoute(deps)];
