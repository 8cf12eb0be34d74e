import type { DoorOptions } from "./begin-app.ts";
import { asProblem, problemResponse } from "./problem-response.ts";
import { contextOf } from "./request-context.ts";

/** Whatever was thrown, as this service's own kind of answer. What is a fault of ours is logged, with its cause. */
export async function presentProblem(
  { log, present }: Pick<DoorOptions, "log" | "present">,
  error: unknown,
  request: Request,
): Promise<Response> {
  const problem = asProblem(error);
  const { trace, path, fields } = contextOf(request);
  // What is away comes back by itself; only what does not is an error.
  const level = problem.code === "unavailable" ? "warn" : "error";
  if (problem.status >= 500) log[level]("request failed", { ...fields, problem: problem.code, error: problem.cause });
  return (
    (await present?.(problem, request, trace.traceId)) ??
    problemResponse(problem, { instance: path, traceId: trace.traceId })
  );
}
