import type { InputError } from "@carillon/contracts/problem";
import { decode, toResponse } from "@carillon/kit/http";
import { Problem } from "@carillon/kit/service";
import type { Static, TObject } from "@sinclair/typebox";
import type { ApiDeps } from "./deps.ts";

/** The history belongs to another service: while `audit` is away, only these routes answer 503. */
const timeoutMs = 2_500;

/** The dependencies of a call. */
export type AuditAsker = Pick<ApiDeps, "invoke">;

type Question = Record<string, string | number | undefined>;

/** `audit`'s answer for the caller. @throws Problem 422 when audit rejects the request, 503 when it cannot answer. */
export async function askAudit(deps: AuditAsker, path: string, question: Question): Promise<Response> {
  return toResponse({ status: 200, body: await answerOf(deps, get(path, question)), headers: {} });
}

/** `audit`'s answer, validated. @throws Problem as `askAudit` does, and 503 for an answer of another shape. */
export async function readAudit<Schema extends TObject>(
  deps: AuditAsker,
  schema: Schema,
  path: string,
  question: Question,
): Promise<Static<Schema>> {
  return fitting(schema, await answerOf(deps, get(path, question)));
}

/** `audit`'s answer to a request that does not fit into a query. @throws as `readAudit` does. */
export async function tellAudit<Schema extends TObject>(
  deps: AuditAsker,
  schema: Schema,
  path: string,
  body: object,
): Promise<Static<Schema>> {
  const request = new Request(new URL(path, "http://localhost"), {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: JSON.stringify(body),
  });
  return fitting(schema, await answerOf(deps, request));
}

function get(path: string, question: Question): Request {
  const url = new URL(path, "http://localhost");
  for (const [name, value] of Object.entries(question))
    if (value !== undefined) url.searchParams.set(name, String(value));
  return new Request(url);
}

async function answerOf(deps: AuditAsker, request: Request): Promise<unknown> {
  const response = await deps.invoke.call("audit", request, { timeoutMs });
  if (response.status === 200) return response.json();
  if (response.status === 422) {
    const { detail, errors } = (await response.json()) as { detail: string; errors?: InputError[] };
    throw new Problem("invalid", detail, errors ? { errors } : {});
  }
  throw away(`audit answered ${response.status}`);
}

function fitting<Schema extends TObject>(schema: Schema, body: unknown): Static<Schema> {
  const decoded = decode(schema, body);
  if (!decoded.fits) throw away(`audit's answer: ${decoded.wrong}`);
  return decoded.value;
}

const away = (why: string): Problem =>
  new Problem("unavailable", "The history cannot be read right now. Your tasks are not affected.", {
    headers: { "retry-after": "5" },
    cause: new Error(why),
  });
