import { Elysia } from "elysia";
import type { ApiDeps } from "../../deps.ts";
import type { FairQueue } from "../admission/fair-queue.ts";
import { forgotRoute } from "./forgot.ts";
import { resetRoute } from "./reset.ts";

/** The way back into an account whose password is forgotten, by a link in a mail. */
export const wayBackRoutes = (deps: ApiDeps, entrance: FairQueue) =>
  new Elysia({ name: "ways back" }).use(forgotRoute(deps)).use(resetRoute(deps, entrance));
