import { createLoop, fatal } from "@carillon/kit/loop";
import type { Log } from "@carillon/kit/observe";
import type { Clock } from "@carillon/kit/ports";
import { type Api, type AskApi, beyondEveryChange, createApi } from "./ask-api.ts";
import { type Authorise, createAuthorise, type Listener, lastEventId } from "./authorise.ts";
import { defaultLimits, Hub, type Limits, pingMs } from "./hub.ts";
import { catchUp, type Line, newLine, type Sink } from "./line.ts";
import { createRecheck } from "./recheck-sessions.ts";
import { createWatch } from "./watch-sessions.ts";

/** Calls `work` every `ms` until the returned function is called. */
export type Every = (name: string, ms: number, work: () => Promise<void>) => () => void;

export type LiveDeps = {
  log: Log;
  clock: Clock;
  /** api's `APP_API_TOKEN`, for its internal routes. */
  appToken: string;
  askApi: AskApi;
  /**
   * Origins whose pages may use the session cookie here, such as `https://carillon.example`, the
   * product's own first; evaluated for each connection.
   */
  allowedOrigins: () => readonly string[];
  every?: Every;
  limits?: Partial<Limits>;
};

/**
 * All open connections of this process, and what opening one needs. Several listeners may serve them
 * (`live-routes.ts`).
 */
export type Live = {
  hub: Hub;
  authorise: Authorise;
  /** Adds the connection and, if the client resumes, sends what it missed. */
  connect(request: Request, listener: Listener, way: { kind: Line["kind"]; sink: Sink }): Line;
  /** Ends all connections and accepts no new ones. */
  stop(): void;
};

const tickMs = 1_000;
/** How often api is asked for ended sessions: half of the time an open stream may outlive its session (G19). */
const watchMs = 500;

export function createLive(deps: LiveDeps): Live {
  const { log, clock } = deps;
  const nowMs = () => clock.now().getTime();
  const hub = new Hub({
    limits: { ...defaultLimits, ...deps.limits },
    onClose: (line, reason) =>
      log.info("connection closed", {
        kind: line.kind,
        reason,
        user_id: line.userId,
        duration_ms: nowMs() - line.openedAtMs,
      }),
  });
  const api = createApi(deps);
  const recheck = createRecheck({ api, hub });
  const every = deps.every ?? inLoop(log);
  const watch = createWatch({ api, hub });
  const stops = [
    every("ticking streams", tickMs, async () => hub.tick(nowMs())),
    every("rechecking sessions", tickMs, async () => recheck(nowMs())),
    every("watching for ended sessions", watchMs, watch),
  ];
  return {
    hub,
    authorise: createAuthorise({ api, hub, allowedOrigins: deps.allowedOrigins }),
    connect: (request, listener, way) => connect({ api, hub, log, nowMs: nowMs() }, request, listener, way),
    stop() {
      for (const stop of stops) stop();
      hub.stop();
    },
  };
}

function connect(
  { api, hub, log, nowMs }: { api: Api; hub: Hub; log: Log; nowMs: number },
  request: Request,
  { token, ...listener }: Listener,
  way: { kind: Line["kind"]; sink: Sink },
): Line {
  const last = lastEventId(request);
  const after = last === "unreadable" ? 0 : last;
  const line = newLine({ ...listener, ...way, resumes: after === null ? null : { after }, nowMs, pingMs });
  // Listen first, then ask what was missed: a change in between arrives twice rather than never.
  hub.open(line, token);
  if (last !== null)
    api
      .missed(line.userId, last === "unreadable" ? beyondEveryChange : last)
      .then((missed) => catchUp(line, missed))
      .catch((error: unknown) => log.error("a client was not sent what it missed", { error }));
  return line;
}

const pause = { firstMs: 500, maxMs: 1_000 };

const inLoop =
  (log: Log): Every =>
  (name, ms, work) => {
    const turn = async (): Promise<number> => {
      await work();
      return ms;
    };
    const loop = createLoop({ name, service: "realtime", log, pause, work: turn });
    loop.start();
    return () => {
      loop.stop().catch(fatal);
    };
  };
