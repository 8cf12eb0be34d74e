import { Elysia } from "elysia";
import { signedIn, type Web } from "../door/visit.ts";
import { showInsights } from "./insights-page.tsx";

/** What was done, in charts and tables. */
export const insightRoutes = (web: Web) =>
  new Elysia({ name: "insights" }).get("/insights", signedIn(web, showInsights));
