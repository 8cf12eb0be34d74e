import type { DoorOptions } from "./door-options.ts";
import { asProblem, problemResponse } from "./problem-response.ts";
import { contextOf } from "./request-context.ts";

/** A thrown value as this service's own kind of answer. Defects are logged, with their cause. */
export async function presentProblem(
  { log, present }: Pick<DoorOptions, "log" | "present">,
  error: unknown,
  request: Request,
): Promise<Response> {
  const problem = asProblem(error);
  const { trace, path, fields } = contextOf(request);
  // A dependency that is away comes back by itself; only other failures are errors.
  const level = problem.code === "unavailable" ? "warn" : "error";
  if (problem.status >= 500) log[level]("request failed", { ...fields, problem: problem.code, error: problem.cause });
  return (
    (await present?.(problem, request, trace.traceId)) ??
    problemResponse(problem, { instance: path, traceId: trace.traceId })
  );
}
