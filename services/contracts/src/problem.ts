/** Problem codes, their HTTP status and public title (RFC 9457). `type` on the wire is `urn:carillon:problem:<code>`. */
export const problems = {
  malformed: { status: 400, title: "The request cannot be read" },
  unauthenticated: { status: 401, title: "Sign-in needed" },
  second_factor_required: { status: 401, title: "Second factor needed" },
  forbidden: { status: 403, title: "Not allowed" },
  proof_required: { status: 403, title: "Password needed again" },
  not_found: { status: 404, title: "Not found" },
  method_not_allowed: { status: 405, title: "Method not allowed" },
  request_timeout: { status: 408, title: "The request did not arrive" },
  conflict: { status: 409, title: "Conflict" },
  stale: { status: 412, title: "Changed in the meantime" },
  too_large: { status: 413, title: "Too large" },
  unsupported_media_type: { status: 415, title: "Unsupported media type" },
  invalid: { status: 422, title: "Invalid input" },
  too_many_requests: { status: 429, title: "Too many requests" },
  internal: { status: 500, title: "Something went wrong" },
  unavailable: { status: 503, title: "Temporarily unavailable" },
} as const;

export type ProblemCode = keyof typeof problems;

/**
 * One fault in the input: `pointer` is an RFC 6901 JSON pointer into the body, or a query parameter's name; in an imported file, into the row
 * of that number.
 */
export type InputError = { pointer: string; detail: string; row?: number };

/** The body of every error answer, `application/problem+json`. */
export type ProblemDocument = {
  type: string;
  title: string;
  status: number;
  detail: string;
  instance: string;
  trace_id: string;
  errors?: InputError[];
  /** Beside `second_factor_required`: what the second step of the sign-in brings back. */
  challenge?: string;
};
