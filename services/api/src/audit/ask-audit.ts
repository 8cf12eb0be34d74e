import { appTokenHeader } from "@carillon/contracts/names";
import type { InputError } from "@carillon/contracts/problem";
import { toResponse } from "@carillon/kit/http";
import { Problem } from "@carillon/kit/service";
import type { ApiDeps } from "../deps.ts";

/** The history is somebody else's to keep: while `audit` is away, this alone answers 503. */
const timeoutMs = 2_500;

/** What `audit` answers, for the caller. @throws Problem 422 when audit refuses the question, 503 when it cannot answer. */
export async function askAudit(
  deps: ApiDeps,
  path: string,
  question: Record<string, string | number | undefined>,
): Promise<Response> {
  const url = new URL(path, "http://localhost");
  for (const [name, value] of Object.entries(question))
    if (value !== undefined) url.searchParams.set(name, String(value));
  const headers = { [appTokenHeader]: deps.settings.appToken };
  const response = await deps.invoke.call("audit", new Request(url, { headers }), { timeoutMs });
  if (response.status === 200) return toResponse({ status: 200, body: await response.json(), headers: {} });
  if (response.status === 422) {
    const { detail, errors } = (await response.json()) as { detail: string; errors?: InputError[] };
    throw new Problem("invalid", detail, errors ? { errors } : {});
  }
  throw new Problem("unavailable", "The history cannot be read just now. Your tasks are not affected.", {
    headers: { "retry-after": "5" },
    cause: new Error(`audit answered ${response.status}`),
  });
}
