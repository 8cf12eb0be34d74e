import type { ProblemDocument } from "@carillon/contracts/problem";
import { type ExitName, Failure } from "../exit.ts";

/** The largest JSON answer of the product is about half a megabyte. */
const maxAnswerBytes = 16 * 1024 * 1024;

/** Statuses after which the same request may succeed. */
const passing = new Set([408, 425, 429, 500, 502, 503, 504]);

export const isPassing = (status: number): boolean => passing.has(status);

/**
 * The answer's JSON; null for 204.
 * @throws Failure for a problem, and "later" for what no Carillon answers, such as a hotel's sign-in page.
 */
export async function readJson<Answer>(response: Response): Promise<Answer> {
  if (response.status === 204) return null as Answer;
  const text = await readText(response);
  const body = jsonIn(response, text);
  if (response.ok && body !== undefined) return body as Answer;
  throw refusal(response, body);
}

/** The answer itself, to be read as a stream. @throws Failure for a problem. */
export async function readStream(response: Response, types: RegExp): Promise<ReadableStream<Uint8Array>> {
  if (response.ok && response.body && types.test(response.headers.get("content-type") ?? "")) return response.body;
  throw refusal(response, response.ok ? undefined : jsonIn(response, await readText(response)));
}

function refusal(response: Response, body: unknown): Failure {
  const problem = body as ProblemDocument | undefined;
  const { status } = response;
  if (typeof problem?.detail !== "string") {
    const where = response.headers.get("location");
    return new Failure(
      "later",
      where
        ? `There is no Carillon at this address: it redirects to ${where}.`
        : `There is no Carillon at this address: the answer (${status}) is none of its own.`,
    );
  }
  return new Failure(exitOf(status), problem.detail, problem);
}

function exitOf(status: number): ExitName {
  if (status === 401) return "signIn";
  if (status === 404) return "notFound";
  if (status === 409 || status === 412) return "conflict";
  return isPassing(status) ? "later" : "failure";
}

function jsonIn(response: Response, text: string): unknown {
  if (!/^application\/(\w+\+)?json\b/.test(response.headers.get("content-type") ?? "")) return undefined;
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

async function readText(response: Response): Promise<string> {
  const parts: Uint8Array[] = [];
  let bytes = 0;
  for await (const part of response.body ?? []) {
    bytes += part.length;
    if (bytes > maxAnswerBytes) throw new Failure("failure", "The answer is larger than any of Carillon's.");
    parts.push(part);
  }
  return new TextDecoder().decode(Buffer.concat(parts));
}
