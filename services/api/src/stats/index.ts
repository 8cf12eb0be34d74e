import { Elysia } from "elysia";
import type { ApiDeps } from "../deps.ts";
import { getStatsRoute } from "./get-stats.ts";

export const statsRoutes = (deps: ApiDeps) => new Elysia({ name: "stats" }).use(getStatsRoute(deps));
