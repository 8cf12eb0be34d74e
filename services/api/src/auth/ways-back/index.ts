import type { InternalRoute } from "@carillon/kit/service";
import { Elysia } from "elysia";
import type { ApiDeps } from "../../deps.ts";
import type { FairQueue } from "../admission/fair-queue.ts";
import { forgotRoute } from "./forgot.ts";
import { noteLettersRoute } from "./note-letters.ts";
import { resetRoute } from "./reset.ts";
import { takeLettersRoute } from "./take-letters.ts";

/** The way back into an account whose password is forgotten, by a link in a mail. */
export const wayBackRoutes = (deps: ApiDeps, entrance: FairQueue) =>
  new Elysia({ name: "ways back" }).use(forgotRoute(deps)).use(resetRoute(deps, entrance));

export const letterInternals = (deps: ApiDeps): InternalRoute[] => [takeLettersRoute(deps), noteLettersRoute(deps)];
