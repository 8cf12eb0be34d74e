import { type ProblemCode, type ProblemDocument, problems } from "@carillon/contracts/problem";
import { Problem } from "@carillon/kit/service";

/** The problem that an answer of api tells of. */
export async function problemOf(response: Response): Promise<Problem> {
  const document = await response.json().then(
    (value: unknown) => value as Partial<ProblemDocument>,
    () => ({}) as Partial<ProblemDocument>,
  );
  const retryAfter = response.headers.get("retry-after");
  return new Problem(codeOf(response.status, document.type), document.detail ?? "", {
    ...(document.errors ? { errors: document.errors } : {}),
    ...(document.challenge === undefined ? {} : { challenge: document.challenge }),
    ...(retryAfter ? { headers: { "retry-after": retryAfter } } : {}),
  });
}

/**
 * The code of api's problem; an answer that is not a problem document counts by its status, and an
 * unknown one as "away".
 */
function codeOf(status: number, type: string | undefined): ProblemCode {
  const entries = Object.entries(problems) as [ProblemCode, (typeof problems)[ProblemCode]][];
  const named = entries.find(([code]) => type === `urn:carillon:problem:${code}`);
  const byStatus = entries.find(([, problem]) => problem.status === status);
  return (named ?? byStatus)?.[0] ?? "unavailable";
}
