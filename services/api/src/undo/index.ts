import { Elysia } from "elysia";
import type { ApiDeps } from "../deps.ts";
import { revertChangeRoute, undoBatchRoute } from "./undo-batch.ts";

export { findEntries } from "./find-entries.ts";
export { takeBack } from "./take-back.ts";
export { answerUndone } from "./undo-batch.ts";

export const undoRoutes = (deps: ApiDeps) =>
  new Elysia({ name: "undo" }).use(undoBatchRoute(deps)).use(revertChangeRoute(deps));
