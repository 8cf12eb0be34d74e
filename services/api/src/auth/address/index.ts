import { Elysia } from "elysia";
import type { ApiDeps } from "../../deps.ts";
import { changeEmailRoute } from "./change-email.ts";
import { resendProofRoute } from "./resend-proof.ts";
import { verifyRoute } from "./verify.ts";

/** The address of an account: its proof, and its change. */
export const addressRoutes = (deps: ApiDeps) =>
  new Elysia({ name: "addresses" }).use(verifyRoute(deps)).use(resendProofRoute(deps)).use(changeEmailRoute(deps));
