import { Elysia } from "elysia";
import type { ApiDeps } from "../deps.ts";
import { exportSchemaRoute } from "./export/export-schema.ts";
import { exportTasksRoute } from "./export/export-tasks.ts";
import { importTasksRoute } from "./import/import-tasks.ts";

export const transferRoutes = (deps: ApiDeps) =>
  new Elysia({ name: "transfer" }).use(exportTasksRoute(deps)).use(exportSchemaRoute()).use(importTasksRoute(deps));
