import { EndSeries, type Settlement } from "@carillon/contracts/http/occurrences";
import { answer, readBody, toResponse } from "@carillon/kit/http";
import { Elysia } from "elysia";
import type { ApiDeps } from "../../deps.ts";
import { close, settle } from "./succession.ts";

/** For recurring: there is no date after this completed task. */
export const endSeriesRoute = (deps: ApiDeps) =>
  new Elysia().post(
    "/internal/series/end",
    async ({ request }) => toResponse(answer(200, await endSeries(deps, await readBody(request, EndSeries)))),
    { parse: "none", detail: { hide: true } },
  );

/** Says `series.ended`, once for each completion that ends one. */
export const endSeries = (deps: ApiDeps, { user_id, task_id, version }: EndSeries): Promise<Settlement> =>
  settle(deps, { userId: user_id, taskId: task_id, version }, async (change, parent) => {
    await close(change, parent, "ended", { type: "series.ended", changes: {} });
    return "ended";
  });
