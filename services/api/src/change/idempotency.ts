import { type Answer, toResponse } from "@carillon/kit/http";
import { contextOf, Problem, problemResponse } from "@carillon/kit/service";
import { actorOf, callerOf } from "../auth/caller.ts";
import type { ApiDeps } from "../deps.ts";
import { attempt } from "./attempt.ts";
import { type Change, change } from "./change.ts";

type Stored = { request_hash: Uint8Array; status: number; headers: Record<string, string>; body: Uint8Array };

/** How long an answer is stored, in hours. */
export const rememberedHours = 24;

/**
 * The response of a POST that changes something: at most one effect per `Idempotency-Key`
 * (draft-ietf-httpapi-idempotency-key-header). The answer is stored in the verb's own transaction;
 * an overlapping request waits for the user's row and then finds it. A rejection (4xx) is an answer
 * too and is stored; a failure of ours (5xx) is not.
 *
 * `shownOnce`: a successful answer holds a secret, so it is not stored; a repeat gets 409 with
 * these words instead.
 * @throws Problem 400 for a malformed key, 422 for a key that came with another path or body
 * before.
 */
export async function answerOnce(
  deps: ApiDeps,
  request: Request,
  body: unknown,
  work: (change: Change) => Promise<Answer>,
  { shownOnce }: { shownOnce?: string } = {},
): Promise<Response> {
  const caller = callerOf(request);
  const author = { userId: caller.userId, actor: actorOf(caller) };
  const key = keyOf(request);
  if (key === null) return toResponse(await change(deps, author, work));
  const { pathname, search } = new URL(request.url);
  const hash = deps.seals.digest(`${request.method} ${pathname}${search}\n${JSON.stringify(body)}`);
  return change(deps, author, async (current) => {
    const known = await find(deps, current, key, hash);
    if (known) return known;
    // A refusal undoes what the work wrote and leaves the transaction usable to remember the refusal.
    const outcome = await attempt(current, work);
    const response = outcome instanceof Problem ? refusal(request, outcome) : toResponse(outcome);
    const kept =
      shownOnce !== undefined && response.ok ? refusal(request, new Problem("conflict", shownOnce)) : response;
    await remember(deps, current, { key, hash, response: kept });
    return response;
  });
}

/** The request's Idempotency-Key, or null. @throws Problem 400 when it is malformed. */
export function keyOf(request: Request): string | null {
  const key = request.headers.get("idempotency-key");
  if (key !== null && !/^[\x21-\x7e](?:[\x20-\x7e]{0,253}[\x21-\x7e])?$/.test(key)) {
    throw new Problem("malformed", "Idempotency-Key must have 1 to 255 printable ASCII characters.");
  }
  return key;
}

async function find(
  deps: ApiDeps,
  { tx, userId, now }: Change,
  key: string,
  hash: Uint8Array,
): Promise<Response | null> {
  const [stored] = await tx<Stored[]>`
    select request_hash, status, headers, body from api.idempotency_keys
    where user_id = ${userId} and key = ${key} and created_at > ${now}::timestamptz - make_interval(hours => ${rememberedHours})`;
  if (!stored) return null;
  if (!Buffer.from(stored.request_hash).equals(hash)) {
    throw new Problem("invalid", "This Idempotency-Key was used for another request.", {
      errors: [{ pointer: "Idempotency-Key", detail: "was used with another path or body" }],
    });
  }
  return new Response(deps.seals.decrypt(stored.body) || null, { status: stored.status, headers: stored.headers });
}

function refusal(request: Request, problem: Problem): Response {
  const { path, trace } = contextOf(request);
  return problemResponse(problem, { instance: path, traceId: trace.traceId });
}

async function remember(
  deps: ApiDeps,
  { tx, userId, now }: Change,
  answer: { key: string; hash: Uint8Array; response: Response },
): Promise<void> {
  const { key, hash, response } = answer;
  const body = Buffer.from(deps.seals.encrypt(await response.clone().text()));
  const headers = Object.fromEntries(response.headers);
  await tx`
    insert into api.idempotency_keys (user_id, key, request_hash, status, headers, body, created_at)
    values (${userId}, ${key}, ${Buffer.from(hash)}, ${response.status}, ${tx.json(headers)}, ${body}, ${now})
    on conflict (user_id, key) do update set request_hash = excluded.request_hash, status = excluded.status,
      headers = excluded.headers, body = excluded.body, created_at = excluded.created_at`;
}
