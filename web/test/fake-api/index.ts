import type { Clock } from "@carillon/kit/ports";
import { accountOf, accountRoutes, forgot, openSession, reset, signIn, signUp, verify } from "./accounts.ts";
import { channelRoutes } from "./channels.ts";
import { chatRoutes } from "./chat.ts";
import { askPasskey, factorRoutes, ownerOfPasskey, requireNoSecondStep, secondStep } from "./factors.ts";
import { ownerAtProvider, providerRoutes, startProvider } from "./provider.ts";
import { recurrenceRoutes } from "./recurrence.ts";
import { type Answer, notFound, Refusal } from "./refusal.ts";
import { reminderRoutes, unsubscribe } from "./reminders.ts";
import type { Account } from "./store.ts";
import { tagRoutes } from "./tags.ts";
import { taskRoutes } from "./tasks.ts";
import { type Route, tokenOf, type World } from "./world.ts";

const routes: Route[] = [
  ...accountRoutes,
  ...factorRoutes,
  ...providerRoutes,
  ...tagRoutes,
  ...taskRoutes,
  ...reminderRoutes,
  ...recurrenceRoutes,
  ...chatRoutes,
  ...channelRoutes,
];

export type FakeApi = World & { fetch: (request: Request) => Promise<Response> };

/** api as far as web can see it, in memory: the contract's answers to the pages' calls. */
export function createFakeApi({ clock }: { clock: Clock }): FakeApi {
  const fake: FakeApi = {
    clock,
    accounts: new Map(),
    sessions: new Map(),
    links: new Set(),
    requests: [],
    provider: null,
    mailGoesOut: false,
    stopped: null,
    proofIsOld: false,
    away: false,
    tooMany: false,
    historyAway: false,
    changed: () => {},
    fetch: async (request) => {
      if (fake.away) throw new TypeError("connection refused");
      const { pathname, search } = new URL(request.url);
      fake.requests.push({ method: request.method, path: pathname + search, headers: request.headers });
      return respond(await answer(fake, request).catch(asAnswer));
    },
  };
  return fake;
}

async function answer(world: World, request: Request): Promise<Answer> {
  const url = new URL(request.url);
  const text = await request.text();
  const isJson = !request.headers.get("content-type")?.startsWith("text/");
  const body = text && isJson ? (JSON.parse(text) as Record<string, unknown>) : {};
  const now = world.clock.now().toISOString();
  if (url.pathname === "/api/signup") return signUp(world, body, now);
  if (url.pathname === "/api/signin") return signIn(world, body);
  if (url.pathname.startsWith("/calendar/")) return { status: 200, body: "BEGIN:VCALENDAR" };
  if (url.pathname === "/api/signin/second") return openSession(world, secondStep(world, body));
  if (url.pathname === "/api/signin/passkey/options") return askPasskey();
  if (url.pathname === "/api/signin/passkey") return openSession(world, ownerOfPasskey(world, body));
  if (url.pathname === "/api/signin/oidc" && request.method === "GET")
    return { status: 200, body: { name: world.provider } };
  if (url.pathname === "/api/signin/oidc/start") return startProvider(world, body);
  if (url.pathname === "/api/signin/oidc") return enterByProvider(world, body, now);
  if (url.pathname === "/api/auth/forgot") return forgot(world, body);
  if (url.pathname === "/api/auth/reset") return reset(world, body);
  if (url.pathname === "/api/auth/verify") return verify(world, body);
  if (url.pathname === "/internal/unsubscribe") return unsubscribe(world, body);
  const isRenewal = url.pathname === "/api/auth/renew";
  const account = accountOf(world, tokenOf(request), { isRenewal });
  if (!account) throw new Refusal(401, "unauthenticated", "Sign in first.");
  for (const route of routes) {
    const match = route.path.exec(url.pathname);
    if (!match || route.method !== request.method) continue;
    const call = { world, account, request, url, body, id: match[1] ?? "", now };
    return once(account, request, url.pathname + text, () => route.run(call));
  }
  throw notFound();
}

function enterByProvider(world: World, body: Record<string, unknown>, now: string): Answer {
  const account = ownerAtProvider(world, body, now);
  requireNoSecondStep(account);
  return openSession(world, account);
}

/** The same answer for the same key, as Idempotency-Key promises. */
function once(account: Account, request: Request, content: string, run: () => Answer): Answer {
  const key = request.method === "POST" ? request.headers.get("idempotency-key") : null;
  const kept = key === null ? undefined : account.answers.get(key);
  if (kept && kept.request !== content) throw new Refusal(422, "invalid", "This key was used for another request.");
  if (kept) return kept.answer;
  const made = run();
  if (key !== null) account.answers.set(key, { request: content, answer: made });
  return made;
}

function asAnswer(error: unknown): Answer {
  if (error instanceof Refusal) return error.answer;
  throw error;
}

function respond({ status, body, headers }: Answer): Response {
  const text = body === undefined ? null : JSON.stringify(body);
  return new Response(text, { status, headers: { "content-type": "application/json", ...headers } });
}
