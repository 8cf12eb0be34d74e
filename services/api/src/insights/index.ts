import { Elysia } from "elysia";
import type { ApiDeps } from "../deps.ts";
import { getInsightsRoute } from "./get-insights.ts";
import { getStatsRoute } from "./get-stats.ts";

export { getInsights } from "./get-insights.ts";

export const insightRoutes = (deps: ApiDeps) =>
  new Elysia({ name: "insights" }).use(getInsightsRoute(deps)).use(getStatsRoute(deps));
