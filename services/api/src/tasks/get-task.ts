import { Task } from "@carillon/contracts/http/tasks";
import { describe, requireNoQuery, toResponse } from "@carillon/kit/http";
import { Elysia } from "elysia";
import { callerOf } from "../auth/caller.ts";
import type { ApiDeps } from "../deps.ts";
import { etagOf, isKnown, requireMatch } from "./etag.ts";
import { loadTask } from "./load-task.ts";
import { ifMatch, taskAnswer, taskId } from "./write-task.ts";

export const getTaskRoute = ({ sql }: ApiDeps) =>
  new Elysia().get(
    "/api/tasks/:id",
    async ({ request, params }) => {
      const state = await loadTask(sql, callerOf(request).userId, params.id);
      requireNoQuery(request);
      requireMatch(request, state.row.version);
      if (!isKnown(request, state.row.version)) return toResponse(taskAnswer(state));
      return toResponse({ status: 304, body: null, headers: { etag: etagOf(state.row.version) } });
    },
    {
      parse: "none",
      detail: describe({
        summary: "One task",
        tag: "Tasks",
        params: taskId,
        answers: { 200: Task, 304: "Not changed since the version in If-None-Match" },
        errors: [412],
        headers: { ...ifMatch, "If-None-Match": "The version you have; the answer is 304 when it is still that." },
      }),
    },
  );
