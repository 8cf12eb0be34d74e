import type { BlockList } from "node:net";
import { zoneRelease } from "@carillon/calendar/zone";
import type { Log } from "@carillon/kit/observe";
import type { Clock } from "@carillon/kit/ports";
import { clientOfRequest, contextOf, createService, Problem, problemResponse } from "@carillon/kit/service";
import { createApi, type FetchApi } from "./api.ts";
import { serveAsset } from "./assets.ts";
import { chatRoutes } from "./chat/index.ts";
import { calendarFeedRoute } from "./door/calendar-feed.ts";
import { readSession } from "./door/cookies.ts";
import { presentFailure } from "./door/failure.tsx";
import { createPageLimit } from "./door/limit-pages.ts";
import { seeOther } from "./door/respond.ts";
import { refuseForeign } from "./door/security.ts";
import { securityTxtRoute } from "./door/security-txt.ts";
import { signedIn, type Web } from "./door/visit.ts";
import { showMore } from "./frame/more-page.tsx";
import { insightRoutes } from "./insights/index.ts";
import { showOffline } from "./offline/offline-page.tsx";
import { showPalette } from "./palette/show-palette.tsx";
import { settingsRoutes } from "./settings/index.ts";
import { signInRoutes } from "./sign-in/index.ts";
import { createProviderName } from "./sign-in/provider-name.ts";
import { tagRoutes } from "./tags/index.ts";
import { taskRoutes } from "./tasks/index.ts";
import { unsubscribeRoutes } from "./unsubscribe/index.tsx";
import { wayBackRoutes } from "./way-back/index.ts";

export type WebDeps = {
  /** Carries a request to api: the in-process door, or `fetch` to `API_URL`. */
  fetchApi: FetchApi;
  /** Carries a request to api's internal door, in the same two ways (`API_INTERNAL_URL`). */
  fetchInternal: FetchApi;
  log: Log;
  clock: Clock;
  publicUrl: URL;
  appToken: string;
  /** Proxies whose `X-Forwarded-For` is trusted. */
  trustedProxies: BlockList;
  /** Pages per minute and user; 0 turns the limit off. */
  maxPagesPerMinute: number;
  /** A fresh Idempotency-Key. */
  newKey: () => string;
  /** Carries `/stream` to realtime, where neither this process nor a gateway does. */
  realtime?: (request: Request) => Promise<Response>;
};

/** Maximum time for a page, in milliseconds; streams and exports are exempt. */
const deadlineMs = 10_000;
const endless = /^\/(stream|calendar\/.*|settings\/(export|import)|chat(\/(stream|confirm))?)$/;

/** Paths for programs: they get problem documents, not pages. */
const forPrograms = /^\/(health|ready|metrics|internal|events|job|dapr|stream|ws|calendar)(\/|$)/;

/** web's public door. */
export function createApp(deps: WebDeps) {
  const secure = deps.publicUrl.protocol === "https:";
  const api = createApi(deps);
  const web: Web = {
    api,
    provider: createProviderName(api, deps.clock),
    clock: deps.clock,
    secure,
    publicUrl: deps.publicUrl,
    clientOf: (request) => clientOfRequest(request, { trusted: deps.trustedProxies, log: deps.log }),
    countPage: createPageLimit({ most: deps.maxPagesPerMinute, clock: deps.clock }),
    newKey: deps.newKey,
  };
  const app = createService({
    name: "web",
    log: deps.log,
    clientOf: web.clientOf,
    appToken: deps.appToken,
    before: async (request) => {
      refuseForeign(request, deps.publicUrl);
      return serveAsset(request) ?? request;
    },
    answerKind: "page",
    secure,
    parameters: { id: "id", delivery: "id", reminder: "id", token: "secret" },
    health: { zones: zoneRelease },
    deadlineMs: (request) => (endless.test(new URL(request.url).pathname) ? null : deadlineMs),
    present: async (problem, request, traceId) => {
      const { path } = contextOf(request);
      return forPrograms.test(path)
        ? problemResponse(problem, { instance: path, traceId })
        : presentFailure(problem, request, traceId, web);
    },
  })
    .get("/", ({ request }) => seeOther(readSession(request, { secure }) === null ? "/sign-in" : "/today"))
    .use(securityTxtRoute(deps))
    .use(calendarFeedRoute(deps))
    .use(signInRoutes(web))
    .use(wayBackRoutes(web))
    .get("/offline", showOffline)
    .get("/more", signedIn(web, showMore))
    .get("/palette", signedIn(web, showPalette))
    .use(taskRoutes(web))
    .use(tagRoutes(web))
    .use(insightRoutes(web))
    .use(chatRoutes(web))
    .use(settingsRoutes(web))
    .use(unsubscribeRoutes(web));
  const { realtime } = deps;
  return realtime ? app.get("/stream", ({ request }) => realtime(request).catch(noStream)) : app;
}

/** Browsers connect again by themselves. */
function noStream(cause: unknown): never {
  throw new Problem("unavailable", "Live updates are not there right now.", { headers: { "retry-after": "5" }, cause });
}
