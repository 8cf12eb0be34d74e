import { type ProblemCode, type ProblemDocument, problems } from "@carillon/contracts/problem";
import { isDatabaseAway } from "../database/trouble.ts";
import { headersOf } from "../http/header-value.ts";
import { Problem } from "./problem.ts";

/** Elysia's own failure codes, as ours. Everything else is a defect of this program. */
const frameworkCodes: Record<string, ProblemCode> = {
  NOT_FOUND: "not_found",
  PARSE: "malformed",
  VALIDATION: "invalid",
  INVALID_COOKIE_SIGNATURE: "malformed",
  INVALID_FILE_TYPE: "unsupported_media_type",
};

/** A thrown value as a Problem: ours as it is, the framework's by its code, a lost database as 503, the rest as 500. */
export function asProblem(error: unknown): Problem {
  if (error instanceof Problem) return error;
  const code = error instanceof Error && "code" in error ? frameworkCodes[String(error.code)] : undefined;
  if (code) return new Problem(code, problems[code].title, { cause: error });
  if (isDatabaseAway(error)) {
    return new Problem("unavailable", "The database cannot do this right now. Nothing was lost; try again shortly.", {
      headers: { "retry-after": "2" },
      cause: error,
    });
  }
  return new Problem("internal", "Something went wrong on our side. The trace id helps us find it.", { cause: error });
}

/** The answer of RFC 9457: what happened, for the caller, without the cause. */
export function problemResponse(
  problem: Problem,
  { instance, traceId }: { instance: string; traceId: string },
): Response {
  const { status, title } = problems[problem.code];
  const document: ProblemDocument = {
    type: `urn:carillon:problem:${problem.code}`,
    title,
    status,
    detail: problem.detail,
    instance,
    trace_id: traceId,
    ...(problem.errors ? { errors: problem.errors } : {}),
    ...(problem.challenge === undefined ? {} : { challenge: problem.challenge }),
  };
  return new Response(JSON.stringify(document), {
    status,
    headers: headersOf({
      "content-type": "application/problem+json",
      "cache-control": "no-store",
      ...problem.headers,
    }),
  });
}
