import { Elysia } from "elysia";
import type { ApiDeps } from "../deps.ts";
import { syncRoute } from "./sync-changes.ts";

export const syncRoutes = (deps: ApiDeps) => new Elysia({ name: "sync" }).use(syncRoute(deps));
