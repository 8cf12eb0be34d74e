import { ChangesAnswer, EndedSessions, SessionAnswer } from "@carillon/contracts/http/sync";
import { appTokenChallenge, appTokenHeader } from "@carillon/contracts/names";
import { decode } from "@carillon/kit/http";
import { within } from "@carillon/kit/loop";
import { continueTrace, inCallSpan, type Log, withTrace } from "@carillon/kit/observe";
import { callerToken } from "@carillon/kit/service";
import type { Static, TSchema } from "@sinclair/typebox";
import { changeFrame } from "./frame.ts";
import type { Missed } from "./line.ts";

/** Carries a request to api, over the network or in the process; only the path of its address counts. */
export type AskApi = (request: Request) => Promise<Response>;

/** The owner of a token; or that it is invalid; or that api is unavailable. */
export type Whose = { kind: "session"; session: SessionAnswer } | { kind: "invalid" } | { kind: "unknown" };

/** realtime's calls to api. None rejects: an api that is away or answers nonsense is an answer too. */
export type Api = {
  whose(token: string): Promise<Whose>;
  /** The sessions that ended recently; none when api is unavailable. */
  ended(): Promise<readonly string[]>;
  /** What the user's client missed after change `after`; "resync" without a number when api is unavailable. */
  missed(userId: string, after: number): Promise<Missed>;
};

/** Timeout of a call to api. */
const timeoutMs = 3_000;

/** Maximum calls under way; beyond that waiting only feeds the storm, and the answer is "unavailable". */
const maxCalls = 2_000;

/** Beyond any real number: api answers such an `after` with "resync" and the newest change. */
export const beyondEveryChange = 999_999_999_999_999;

export function createApi({ askApi, appToken, log }: { askApi: AskApi; appToken: string; log: Log }): Api {
  let isSilent = false;
  const ask = createAsk(askApi, appToken);
  const failed = (question: string, error: unknown) => log.warn("api gave no answer", { question, error });

  return {
    async whose(token) {
      try {
        const response = await ask("/internal/session", { method: "POST", body: JSON.stringify({ token }) });
        // During a rotation of the neighbours' token api may not know ours: that ends no user's session.
        if (response.headers.get("www-authenticate") === appTokenChallenge) throw new Error("api does not know us");
        if (response.status === 401) return { kind: "invalid" };
        return { kind: "session", session: await read(response, SessionAnswer) };
      } catch (error) {
        failed("session", error);
        return { kind: "unknown" };
      }
    },
    async ended() {
      try {
        // Polled continuously, so not traced.
        const unseen = { ...continueTrace(null), sampled: false };
        const response = await withTrace(unseen, () => ask("/internal/watch/ended-sessions"));
        const { session_ids } = await read(response, EndedSessions);
        isSilent = false;
        return session_ids;
      } catch (error) {
        if (!isSilent) failed("ended sessions", error);
        isSilent = true;
        return [];
      }
    },
    async missed(userId, after) {
      try {
        const response = await ask(`/internal/changes?user_id=${userId}&after=${after}`);
        const { resync, latest, changes } = await read(response, ChangesAnswer);
        if (resync) return { kind: "resync", latest };
        // The end of another session is for this service, not for screens.
        return {
          kind: "changes",
          frames: changes.filter(({ event_type }) => event_type !== "session.revoked").map(changeFrame),
        };
      } catch (error) {
        failed("changes", error);
        return { kind: "resync", latest: null };
      }
    },
  };
}

/** Asks with the token that is realtime's own, for at most three seconds, and fails when too many calls are under way. */
function createAsk(askApi: AskApi, appToken: string): (path: string, init?: RequestInit) => Promise<Response> {
  const headers = { [appTokenHeader]: callerToken(appToken, "realtime"), "content-type": "application/json" };
  let underWay = 0;
  return async (path, init = {}) => {
    if (underWay >= maxCalls) throw new Error(`${maxCalls} calls are under way`);
    const signal = AbortSignal.timeout(timeoutMs);
    const request = new Request(`http://localhost${path}`, { ...init, headers, signal });
    // Calls within the process ignore the signal, so the timeout is enforced here as well.
    underWay += 1;
    try {
      return await within(timeoutMs, "api", inCallSpan({ peer: "api", request }, askApi));
    } finally {
      underWay -= 1;
    }
  };
}

async function read<Schema extends TSchema>(response: Response, schema: Schema): Promise<Static<Schema>> {
  if (response.status !== 200) throw new Error(`api answered ${response.status}`);
  const answer = decode(schema, await response.json());
  if (!answer.fits) throw new Error(`api's answer does not fit the contract: ${answer.wrong}`);
  return answer.value;
}
