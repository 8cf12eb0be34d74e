import type { Language } from "@carillon/contracts/http/quick-add";
import { type Client, clientBucket } from "@carillon/kit/service";
import type { ApiDeps } from "../../deps.ts";
import { preferredLanguage } from "../../preferred-language.ts";
import { take, tooMany } from "../rate-limit.ts";
import { requestClient } from "../request-client.ts";
import { clientName } from "../sessions/client-name.ts";
import { type Device, deviceOf } from "./device-mark.ts";
import type { QueueCaller } from "./fair-queue.ts";
import { isKnownAddress } from "./known-address.ts";
import { clearTries, giveBackTry, type Pace, patientPace, quickPace, takeTry } from "./tries.ts";

/**
 * Sign-ups and sign-ins of a client: a fifth of the ordinary rate. A proxy may bring that of a hundred
 * clients.
 */
const passwordShare = 5;
const clientsPerProxy = 100;

/** Shorter than the door's deadline: a caller that has its 503 must not cost a hash. */
const patienceMs = 2_500;

/**
 * Requests that one replica admits in parallel: half of its database connections stay free for
 * signed-in users.
 */
export const entranceLimits = { maxRunning: 4, maxWaiting: 40 };

/** A sign-up or sign-in that waits for admission. */
export type Arrival = {
  client: Client;
  /** The browser or program in words. */
  name: string;
  /** Which language of mails it prefers. */
  language: Language;
  device: Device | null;
  caller: QueueCaller;
};

/** A sign-in whose password may be checked now. */
export type Admission = Arrival & {
  /**
   * The password was right: the attempt is given back, and a known client's attempts are cleared.
   */
  succeed(): Promise<void>;
};

/** What a sign-up or sign-in reveals about its client before the database is asked. */
export function arrivalOf(deps: ApiDeps, request: Request): Arrival {
  const client = requestClient(deps, request);
  const device = deviceOf(deps, request);
  const caller = {
    client: device?.id ?? clientBucket(client.address),
    isKnown: device !== null,
    signal: patience(request),
  };
  const { headers } = request;
  const language = preferredLanguage(headers.get("accept-language"));
  return { client, name: clientName(headers.get("user-agent")), language, device, caller };
}

/**
 * Admits a sign-in to the hashing of its password. Attempts count per account, in a bucket for each
 * known device, one for each known address, and one shared by all unknown clients, which therefore
 * never slow down a known one.
 *
 * @throws Problem 429 with `Retry-After`.
 */
export async function admitSignIn(
  deps: ApiDeps,
  arrival: Arrival,
  { account, userId }: { account: string; userId: string | null },
): Promise<Admission> {
  const { client } = arrival;
  // A device is known to the account it signed in to, and to no other.
  const device = arrival.device?.userId === userId ? arrival.device : null;
  const isKnown = device !== null || (await isKnownAddress(deps, userId, client.address));
  await countRequestOf(deps, client, { device, isKnown });
  const bucket = clientBucket(client.address);
  const own = device !== null ? ` device ${device.id}` : isKnown ? ` address ${bucket}` : "";
  const { succeed } = await countTry(deps, `account ${account}${own}`, isKnown);
  const caller = { client: device?.id ?? bucket, isKnown, signal: arrival.caller.signal };
  return { ...arrival, device, caller, succeed };
}

/** The queue caller of an admitted sign-up. @throws Problem 429 with `Retry-After`. */
export async function admitSignUp(deps: ApiDeps, { client, caller }: Arrival): Promise<QueueCaller> {
  await countRequestOf(deps, client, { device: null, isKnown: false });
  return { ...caller, client: clientBucket(client.address), isKnown: false };
}

/**
 * Admits a signed-in user's proof of the password: a stolen session must not allow guessing. Counted
 * per session, so that no other session can block the owner's. @throws Problem 429 with
 * `Retry-After`.
 */
export async function admitProof(
  deps: ApiDeps,
  request: Request,
  { userId, credentialId }: { userId: string; credentialId: string },
): Promise<Pick<Admission, "caller" | "succeed">> {
  const { succeed } = await countTry(deps, `proof ${userId} ${credentialId}`, true);
  return { caller: { client: `user ${userId}`, isKnown: true, signal: patience(request) }, succeed };
}

/**
 * Admits a code of the second step, after the right password: who guesses here knows it. As at the first step, unknown clients share
 * one bucket and never slow down a known one. @throws Problem 429 with `Retry-After`.
 */
export async function admitSecondStep(deps: ApiDeps, arrival: Arrival, userId: string | null): Promise<Admission> {
  const { client } = arrival;
  const device = arrival.device?.userId === userId ? arrival.device : null;
  const isKnown = device !== null || (await isKnownAddress(deps, userId, client.address));
  await countRequestOf(deps, client, { device, isKnown });
  const bucket = clientBucket(client.address);
  const caller = { client: device?.id ?? bucket, isKnown, signal: arrival.caller.signal };
  // Without an account there is nothing to try.
  if (userId === null) return { ...arrival, device, caller, succeed: async () => {} };
  const own = device !== null ? ` device ${device.id}` : isKnown ? ` address ${bucket}` : "";
  const { succeed } = await countTry(deps, `code ${userId}${own}`, isKnown, patientPace);
  return { ...arrival, device, caller, succeed };
}

/** What an admitted arrival turns out to be, once it shows whose sign-in it is. */
export async function recognised(
  deps: ApiDeps,
  arrival: Arrival,
  userId: string,
): Promise<Pick<Admission, keyof Arrival>> {
  const device = arrival.device?.userId === userId ? arrival.device : null;
  const isKnown = device !== null || (await isKnownAddress(deps, userId, arrival.client.address));
  return { ...arrival, device, caller: { ...arrival.caller, isKnown } };
}

/** Admits a signed-in user's code, which confirms or removes a factor. @throws Problem 429 with `Retry-After`. */
export const admitCode = (
  deps: ApiDeps,
  { userId, credentialId }: { userId: string; credentialId: string },
): Promise<Pick<Admission, "succeed">> => countTry(deps, `code ${userId} ${credentialId}`, true, patientPace);

async function countRequestOf(
  deps: ApiDeps,
  { address, peer }: Client,
  { device, isKnown }: { device: Device | null; isKnown: boolean },
): Promise<void> {
  const perMinute = Math.ceil(deps.settings.ratePerMinute / passwordShare);
  if (device !== null) return take(deps, `device ${device.id}`, perMinute);
  await take(deps, `client ${clientBucket(address)}`, perMinute);
  if (peer !== address && !isKnown) await take(deps, `proxy ${clientBucket(peer)}`, perMinute * clientsPerProxy);
}

async function countTry(
  deps: ApiDeps,
  key: string,
  isKnown: boolean,
  pace: Pace = quickPace,
): Promise<Pick<Admission, "succeed">> {
  if (deps.settings.ratePerMinute === 0) return { succeed: async () => {} };
  const bucket = { sql: deps.sql, now: deps.clock.now(), key };
  const waitSeconds = await takeTry(bucket, pace);
  if (waitSeconds !== null) throw tooMany(waitSeconds);
  return { succeed: () => (isKnown ? clearTries(bucket) : giveBackTry(bucket)) };
}

const patience = (request: Request): AbortSignal => AbortSignal.any([request.signal, AbortSignal.timeout(patienceMs)]);
