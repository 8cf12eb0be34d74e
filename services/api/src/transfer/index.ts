import { Elysia } from "elysia";
import type { ApiDeps } from "../deps.ts";
import { exportSchemaRoute } from "./export/export-schema.ts";
import { exportTasksRoute } from "./export/export-tasks.ts";
import { createFeedRoute } from "./feed/create-feed.ts";
import { deleteFeedRoute } from "./feed/delete-feed.ts";
import { listFeedsRoute } from "./feed/list-feeds.ts";
import { readFeedRoute } from "./feed/read-feed.ts";
import { importTasksRoute } from "./import/import-tasks.ts";

export const transferRoutes = (deps: ApiDeps) =>
  new Elysia({ name: "transfer" })
    .use(exportTasksRoute(deps))
    .use(exportSchemaRoute())
    .use(importTasksRoute(deps))
    .use(createFeedRoute(deps))
    .use(listFeedsRoute(deps))
    .use(deleteFeedRoute(deps))
    .use(readFeedRoute(deps));
