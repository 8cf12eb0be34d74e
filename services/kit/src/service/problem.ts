import { type InputError, type ProblemCode, problems } from "@carillon/contracts/problem";

/**
 * A failure that travels across layers and becomes one `application/problem+json` answer. `detail` is
 * for the caller; `cause` is for the log and never leaves the process.
 */
export class Problem extends Error {
  readonly code: ProblemCode;
  readonly detail: string;
  readonly errors: InputError[] | undefined;
  readonly headers: Record<string, string>;
  readonly challenge: string | undefined;

  constructor(
    code: ProblemCode,
    detail: string,
    options: { errors?: InputError[]; headers?: Record<string, string>; challenge?: string; cause?: unknown } = {},
  ) {
    super(`${code}: ${detail}`, { cause: options.cause });
    this.name = "Problem";
    this.code = code;
    this.detail = detail;
    this.errors = options.errors;
    this.headers = options.headers ?? {};
    this.challenge = options.challenge;
  }

  get status(): number {
    return problems[this.code].status;
  }
}

/** An "invalid" problem that points at the faults in the input. */
export function invalid(...errors: InputError[]): Problem {
  return new Problem(
    "invalid",
    errors.length === 1 ? (errors[0]?.detail ?? "") : `${errors.length} fields are not valid.`,
    { errors },
  );
}

/** The one answer for a missing resource, another user's, or an invalid id. */
export const notFound = (): Problem => new Problem("not_found", "Not found.");
