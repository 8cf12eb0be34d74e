import type { ApiTime } from "@carillon/contracts/http/clock";
import { databaseNow } from "@carillon/kit/clock";
import { answer, toResponse } from "@carillon/kit/http";
import type { InternalRoute } from "@carillon/kit/service";
import type { ApiDeps } from "../deps.ts";

/** For neighbours without a database of their own: the time by which everything is judged. */
export const clockRoute = ({ sql }: Pick<ApiDeps, "sql">): InternalRoute => ({
  method: "GET",
  path: "/internal/clock",
  callers: ["web", "realtime"],
  handle: async () => toResponse(answer(200, { now: (await databaseNow(sql)).toISOString() } satisfies ApiTime)),
});
