import { AuditPage, ListHistory } from "@carillon/contracts/http/audit";
import { describe, readQuery } from "@carillon/kit/http";
import { Elysia } from "elysia";
import { askAudit } from "../ask-audit.ts";
import { callerOf } from "../auth/caller.ts";
import type { ApiDeps } from "../deps.ts";
import { loadTask } from "./load-task.ts";
import { taskId } from "./write-task.ts";

export const listHistoryRoute = (deps: ApiDeps) =>
  new Elysia().get(
    "/api/tasks/:id/history",
    async ({ request, params }) => {
      const { userId } = callerOf(request);
      const { row } = await loadTask(deps.sql, userId, params.id, "any");
      const query = readQuery(request, ListHistory);
      return askAudit(deps, "/internal/entries", { user_id: userId, task_id: row.id, ...query });
    },
    {
      parse: "none",
      detail: describe({
        summary: "What happened to one task, newest first; works for tasks in the trash too",
        tag: "Tasks",
        params: taskId,
        query: ListHistory,
        answers: { 200: AuditPage },
      }),
    },
  );
