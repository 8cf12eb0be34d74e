export type Answer = { status: number; body?: unknown; headers?: Record<string, string> };

/** Thrown by the fake's routes, answered as a problem document. */
export class Refusal extends Error {
  readonly answer: Answer;
  constructor(status: number, code: string, detail: string, more: Record<string, unknown> = {}) {
    super(detail);
    this.answer = {
      status,
      headers: {
        "content-type": "application/problem+json",
        ...(status === 429 || status === 503 ? { "retry-after": "7" } : {}),
      },
      body: {
        type: `urn:carillon:problem:${code}`,
        title: code,
        status,
        detail,
        instance: "",
        trace_id: "",
        ...more,
      },
    };
  }
}

export const invalid = (pointer: string, detail: string): Refusal =>
  new Refusal(422, "invalid", detail, { errors: [{ pointer, detail }] });
export const notFound = (): Refusal => new Refusal(404, "not_found", "Not found.");
