import { EndSeries, type Settlement } from "@carillon/contracts/http/occurrences";
import { answer, readBody, toResponse } from "@carillon/kit/http";
import type { InternalRoute } from "@carillon/kit/service";
import type { ApiDeps } from "../../deps.ts";
import { close, settle } from "./succession.ts";

/** For recurring: there is no date after this completed task. */
export const endSeriesRoute = (deps: ApiDeps): InternalRoute => ({
  method: "POST",
  path: "/internal/series/end",
  callers: ["recurring"],
  handle: async ({ request }) => toResponse(answer(200, await endSeries(deps, await readBody(request, EndSeries)))),
});

/** Appends `series.ended`, once for each completion that ends one. */
export const endSeries = (deps: ApiDeps, { user_id, task_id, version }: EndSeries): Promise<Settlement> =>
  settle(deps, { userId: user_id, taskId: task_id, version }, async (change, parent) => {
    await close(change, parent, "ended", { type: "series.ended", changes: {} });
    return "ended";
  });
