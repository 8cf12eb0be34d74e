import { Elysia } from "elysia";
import type { ApiDeps } from "../deps.ts";
import { mcpRoute } from "./mcp/mcp-route.ts";

/** What models and their clients ask. */
export const assistantRoutes = (deps: ApiDeps) => new Elysia({ name: "assistant" }).use(mcpRoute(deps));
