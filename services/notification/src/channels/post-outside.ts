import { lookup as resolveName } from "node:dns/promises";
import { request as httpRequest } from "node:http";
import { request as httpsRequest } from "node:https";
import { type BlockList, isIP } from "node:net";
import { reachOf } from "./admitted-address.ts";

/** A message for a server that a user named. */
export type Outgoing = { target: string; headers: Record<string, string>; body: string | Buffer };

export type Answered = { status: number; retryAfterMs: number | null };

/** The target is none that a message may go to, now or later. */
export class Refused extends Error {
  override readonly name = "Refused";
}

type Address = { address: string; family: number };

export type Outside = {
  /** Networks of the operator's own that messages may go to, also without TLS. */
  admitted: BlockList;
  resolve?: (name: string) => Promise<Address[]>;
  /** Authorities besides the usual ones, for tests. */
  ca?: string;
};

/** The receiver's time for everything: name, connection, answer. */
export const maxAnswerMs = 10_000;

const resolveAll = async (name: string): Promise<Address[]> => resolveName(name, { all: true });

/**
 * The receiver's answer to a POST. It goes to the very address that was judged: the name is resolved once, and a redirect is an answer
 * like any other. @throws Refused where it may not go; Error when the receiver cannot be reached in time.
 */
export async function postOutside(
  outgoing: Outgoing,
  { admitted, resolve = resolveAll, ca }: Outside,
  timeoutMs = maxAnswerMs,
): Promise<Answered> {
  const url = new URL(outgoing.target);
  const deadline = AbortSignal.timeout(timeoutMs);
  const host = url.hostname.replace(/^\[|\]$/g, "");
  const addresses = isIP(host) ? [{ address: host, family: isIP(host) }] : await inTime(resolve(host), deadline);
  const [first] = addresses;
  if (!first) throw new Error("its name has no address");
  // All of them: a name that also leads inside is not one to trust.
  const reaches = addresses.map(({ address }) => reachOf(address, admitted));
  if (reaches.includes("refused")) throw new Refused("its address is not on the public Internet");
  if (url.protocol !== "https:" && !reaches.every((reach) => reach === "admitted"))
    throw new Refused("it must be an https address");
  return ask(url, outgoing, { address: first, deadline, ca });
}

async function inTime<Value>(work: Promise<Value>, deadline: AbortSignal): Promise<Value> {
  const over = Promise.withResolvers<never>();
  const end = (): void => over.reject(new Error("it did not answer in time"));
  deadline.addEventListener("abort", end, { once: true });
  try {
    return await Promise.race([work, over.promise]);
  } finally {
    deadline.removeEventListener("abort", end);
  }
}

async function ask(
  url: URL,
  { headers, body }: Outgoing,
  { address, deadline, ca }: { address: Address; deadline: AbortSignal; ca: string | undefined },
): Promise<Answered> {
  const answered = Promise.withResolvers<Answered>();
  const send = url.protocol === "https:" ? httpsRequest : httpRequest;
  const request = send(url, {
    method: "POST",
    // No shared connection: the next message is judged again.
    agent: false,
    headers: {
      ...headers,
      "content-length": String(Buffer.byteLength(body)),
      "user-agent": "Carillon",
      connection: "close",
    },
    ...(ca === undefined ? {} : { ca }),
    lookup: (_name, options, done) => {
      if (options.all) done(null, [address]);
      else done(null, address.address, address.family);
    },
  });
  request.on("error", (error) => answered.reject(error));
  request.on("response", (response) => {
    // The status says it all: a text that is cut off, or never ends, must not have the message sent again.
    response.on("error", () => {});
    answered.resolve({
      status: response.statusCode ?? 0,
      retryAfterMs: retryAfterOf(response.headers["retry-after"]),
    });
  });
  request.end(body);
  try {
    return await inTime(answered.promise, deadline);
  } finally {
    request.destroy();
  }
}

const retryAfterOf = (header: string | undefined): number | null =>
  header !== undefined && /^\d{1,7}$/.test(header) ? Number(header) * 1_000 : null;
