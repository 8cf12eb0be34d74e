import { compareReleases, zoneRelease } from "@carillon/calendar/zone";
import { type SendResults, type TakenChannel, TakenSends } from "@carillon/contracts/http/channels";
import { type Letter, type LetterResults, Letters } from "@carillon/contracts/http/letters";
import {
  type Claim,
  type ClaimReminders,
  Claims,
  DuePage,
  type ReportResults,
  ResultsNoted,
} from "@carillon/contracts/http/reminders";
import { decode } from "@carillon/kit/http";
import type { Invoker } from "@carillon/kit/ports";
import { Problem } from "@carillon/kit/service";
import { takeNewerZones } from "@carillon/kit/zones";
import { type Static, type TSchema, Type } from "@sinclair/typebox";

/** The calls to api, by service invocation. Every call is idempotent. @throws Problem "unavailable". */
export const askApi = (invoke: Invoker) => ({
  /** One answer per plan, in order. */
  async claim(reminders: ClaimReminders["reminders"]): Promise<Claim[]> {
    const { reminders: claims, zones = zoneRelease() } = await post(
      invoke,
      "/internal/reminders/claim",
      { reminders },
      Claims,
    );
    // A mail that words its instants by older rules than api computed them by would name another hour.
    if (compareReleases(zones, zoneRelease()) > 0) await takeNewerZones((request) => invoke.call("api", request));
    const isFor = (claim: Claim | undefined, { id, generation }: { id: string; generation: number }): boolean =>
      claim?.id === id && claim.generation === generation;
    if (!reminders.every((asked, at) => isFor(claims[at], asked)))
      throw nonsense("claim", new Error("the answers do not match the plans asked about"));
    return claims;
  },

  async report(results: ReportResults["results"]): Promise<void> {
    await post(invoke, "/internal/reminders/results", { results }, ResultsNoted);
  },

  /** The mails about accounts that should be sent now; no other replica gets them until their lease ends. */
  takeLetters: async (goesOut: boolean | undefined): Promise<Letter[]> =>
    (await post(invoke, "/internal/letters/take", goesOut === undefined ? {} : { goes_out: goesOut }, Letters)).letters,

  async noteLetters(results: LetterResults["results"]): Promise<void> {
    await post(invoke, "/internal/letters/results", { results }, Type.Null());
  },

  /** Messages for channels that should go out now; no other replica gets these channels until their lease ends. */
  takeSends: async (pushKey: string | null): Promise<TakenChannel[]> =>
    (await post(invoke, "/internal/channels/take", { push_key: pushKey }, TakenSends)).channels,

  async noteSends(results: SendResults): Promise<void> {
    await post(invoke, "/internal/channels/results", results, Type.Null());
  },

  /** Addresses of mailboxes that do not exist: api has nothing more sent there. */
  async noteBounces(emails: string[]): Promise<void> {
    await post(invoke, "/internal/mail/bounces", { emails }, Type.Null());
  },

  /** A page of the reminders that are pending before an instant. */
  due: async (before: Date, cursor: string | null): Promise<DuePage> =>
    post(invoke, "/internal/reminders/due", { before: before.toISOString(), ...(cursor ? { cursor } : {}) }, DuePage),
});

export type AskApi = ReturnType<typeof askApi>;

async function post<Schema extends TSchema>(
  invoke: Invoker,
  path: string,
  body: unknown,
  schema: Schema,
): Promise<Static<Schema>> {
  const request = new Request(`http://localhost${path}`, {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: JSON.stringify(body),
  });
  const response = await invoke.call("api", request);
  if (!response.ok) throw nonsense(path, new Error(`api answered ${response.status}: ${await response.text()}`));
  const answer: unknown = await response.json().catch(() => null);
  const decoded = decode(schema, answer);
  if (!decoded.fits) throw nonsense(path, new Error(decoded.wrong));
  return decoded.value;
}

const nonsense = (path: string, cause: unknown): Problem =>
  new Problem("unavailable", `api gave no usable answer to ${path}.`, { cause });
