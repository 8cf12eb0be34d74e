import type { SignedIn } from "@carillon/contracts/http/auth";
import { readCredentials, writeCredentials } from "../account/credentials.ts";
import { type Account, findAccount } from "../account/find-account.ts";
import { Failure } from "../exit.ts";
import { version } from "../version.ts";
import type { World } from "../world.ts";
import { readJson } from "./read-answer.ts";

export type Method = "GET" | "POST" | "PATCH" | "DELETE";

export type Call = {
  method?: Method;
  query?: Record<string, string | number | boolean | undefined>;
  body?: unknown;
  /** A file, with its media type. */
  file?: { bytes: Uint8Array<ArrayBuffer>; type: string };
  headers?: Record<string, string>;
  /** Of the whole call; null: as long as it takes. */
  timeoutMs?: number | null;
};

/** No answer came: the product may have got the request or not, unless `isUnsent`. */
export class Unreachable extends Failure {
  constructor(
    url: URL,
    readonly isUnsent: boolean,
    cause: unknown,
  ) {
    const reason = cause instanceof Error ? cause.message : String(cause);
    super("later", `Carillon does not answer at ${url.origin}. (${reason.replace(/\.$/, "")})`);
  }
}

const usualTimeoutMs = 20_000;

/** One request without a sign-in. @throws Unreachable. */
export async function send(world: World, url: URL, path: string, call: Call, token?: string): Promise<Response> {
  const address = new URL(path, url);
  for (const [name, value] of Object.entries(call.query ?? {}))
    if (value !== undefined) address.searchParams.set(name, String(value));
  const timeout = call.timeoutMs === null ? null : AbortSignal.timeout(call.timeoutMs ?? usualTimeoutMs);
  const request = new Request(address, {
    method: call.method ?? "GET",
    headers: {
      accept: "application/json",
      "user-agent": `Carillon-CLI/${version}`,
      ...(token ? { authorization: `Bearer ${token}` } : {}),
      ...(call.file
        ? { "content-type": call.file.type }
        : call.body === undefined
          ? {}
          : { "content-type": "application/json" }),
      ...call.headers,
    },
    ...(call.file ? { body: call.file.bytes } : call.body === undefined ? {} : { body: JSON.stringify(call.body) }),
    // A token is for this product alone.
    redirect: "manual",
    signal: timeout ? AbortSignal.any([timeout, world.signal]) : world.signal,
  });
  try {
    return await world.fetch(request);
  } catch (error) {
    throw new Unreachable(url, isUnsent(error), timeout?.aborted ? "it took too long" : error);
  }
}

/** The connection was never made. */
const isUnsent = (error: unknown): boolean =>
  ["ConnectionRefused", "ECONNREFUSED", "ENOTFOUND", "EAI_AGAIN", "FailedToOpenSocket", "DNSException"].includes(
    String((error as { code?: unknown }).code ?? ""),
  );

export type Client = {
  account: Account;
  /** The answer as it comes; a session that has run out is renewed once. */
  send: (path: string, call?: Call) => Promise<Response>;
  json: <Answer>(path: string, call?: Call) => Promise<Answer>;
};

/** Calls as the user who is signed in here. @throws Failure "signIn". */
export function createClient(world: World): Client {
  const account = findAccount(world);
  const asUser = async (path: string, call: Call = {}, base = account.url): Promise<Response> => {
    const response = await send(world, base, path, call, account.token);
    if (response.status !== 401 || !account.isSession || !(await renew(world, account))) return response;
    return send(world, base, path, call, account.token);
  };
  return {
    account,
    send: (path, call) => asUser(path, call),
    json: async <Answer>(path: string, call?: Call) => readJson<Answer>(await asUser(path, call)),
  };
}

/** Gives the session a new token, here and in the file; false when the session is over. */
export async function renew(world: World, account: Account): Promise<boolean> {
  if (!account.isSession) return false;
  const answer = await send(world, account.url, "/api/auth/renew", { method: "POST" }, account.token);
  if (answer.status === 401) return false;
  const { access_token: token } = await readJson<SignedIn>(answer);
  account.token = token;
  const { signIn, devices } = readCredentials(world);
  if (signIn) writeCredentials(world, { signIn: { ...signIn, token }, devices });
  return true;
}
