import { signUp } from "../client.ts";
import type { Product } from "../product.ts";
import { apiRoutes, type Route, webRoutes } from "../routes.ts";
import { createRandom, type Random } from "./random.ts";
import { type RawAnswer, type RawRequest, sendRaw } from "./raw-request.ts";
import { apiRequest, type Knowledge, webRequest } from "./requests.ts";

export type CrawlOptions = {
  product: Pick<Product, "api" | "web">;
  requests: number;
  seed: number;
  /** Called with the progress every 1 000 requests. */
  onProgress?: (done: number) => void;
};

/**
 * `faults`: requests that were answered with 5xx, without protecting headers, or not at all, in a
 * repeatable form. `statuses`: how many answers had each.
 */
export type CrawlResult = { faults: string[]; statuses: Record<string, number>; routes: number };

const atOnce = 6;
/** Sessions end while they are used: by sign-out, a changed password, an erased account. */
const requestsPerAccount = 400;

/** Requests that end an account or its sessions are rare, or the rest would be unauthenticated. */
const ending =
  /^POST \/(sign-out|settings\/(erase|password))$|^(POST \/api\/(logout|auth\/password)|DELETE \/api\/auth\/me)$/;
/** Costs a password hash each time. */
const dear = /^POST \/(api\/)?sign-?(in|up)$/;

type Target = { service: "web" | "api"; route: Route };

/** Calls every route of `web` and `api` as a signed-in user, with random ids, queries, bodies and headers. */
export async function crawl({ product, requests, seed, onProgress = () => {} }: CrawlOptions): Promise<CrawlResult> {
  const random = createRandom(seed);
  const targets: Target[] = [
    ...webRoutes().map((route) => ({ service: "web", route }) as const),
    ...apiRoutes().map((route) => ({ service: "api", route }) as const),
  ];
  const statuses: Record<string, number> = {};
  const faults: string[] = [];
  for (let done = 0; done < requests; done += requestsPerAccount) {
    const knowledge = await settle(product);
    const left = Math.min(requestsPerAccount, requests - done);
    const chosen = Array.from({ length: left }, (_, at) => choose(random, targets, done + at, knowledge));
    const workers = Array.from({ length: atOnce }, async (_, worker) => {
      for (let at = worker; at < chosen.length; at += atOnce) {
        const { service, request } = chosen[at] ?? choose(random, targets, at, knowledge);
        const outcome = await ask(product[service], request);
        statuses[outcome.status] = (statuses[outcome.status] ?? 0) + 1;
        if (outcome.fault) faults.push(`${service} ${outcome.fault}`);
      }
    });
    await Promise.all(workers);
    if (Math.floor((done + left) / 1_000) > Math.floor(done / 1_000)) onProgress(done + left);
  }
  return { faults, statuses, routes: targets.length };
}

/** The next request: every route in turn, so that none is missed by chance. */
function choose(random: Random, targets: readonly Target[], at: number, knowledge: Knowledge) {
  let target = targets[at % targets.length] ?? random.pick(targets);
  const rare = (probability: number, kind: RegExp) =>
    kind.test(`${target.route.method} ${target.route.path}`) && !random.chance(probability);
  if (rare(0.02, ending) || rare(0.1, dear))
    target = random.pick(targets.filter(({ route }) => route.path.includes(":")));
  const make = target.service === "web" ? webRequest : apiRequest;
  return { service: target.service, request: make(random, target.route, knowledge) };
}

export async function ask(origin: string, request: RawRequest): Promise<{ status: string; fault: string | null }> {
  let answer = await answerTo(origin, request);
  // A busy machine answers 503 for a while; a real fault comes back on every retry.
  for (let pauseMs = 500; answer.status === "503" && pauseMs <= 16_000; pauseMs *= 2) {
    await Bun.sleep(pauseMs);
    answer = await answerTo(origin, request);
  }
  return answer;
}

async function answerTo(origin: string, request: RawRequest): Promise<{ status: string; fault: string | null }> {
  const isStream = /^\/stream(\?|$)/.test(request.path) || request.path.startsWith("/ws");
  try {
    const answer = await sendRaw(origin, request, { headOnly: isStream });
    const what = answer.status >= 500 ? String(answer.status) : missingOf(answer);
    return { status: String(answer.status), fault: what === null ? null : `${what} ${tell(request)}` };
  } catch (error) {
    return { status: "none", fault: `no answer (${error instanceof Error ? error.message : error}) ${tell(request)}` };
  }
}

const protecting = [
  "cache-control",
  "content-security-policy",
  "cross-origin-resource-policy",
  "referrer-policy",
  "x-content-type-options",
  "x-frame-options",
];

/**
 * The protecting headers an answer lacks; null when it has all. Requests that Bun rejects itself never
 * reached the door, which marks its answers.
 */
function missingOf({ head }: RawAnswer): string | null {
  const names = new Set(head.split("\r\n").map((line) => line.split(":")[0]?.toLowerCase() ?? ""));
  const missing = protecting.filter((name) => !names.has(name));
  return missing.length === 0 || !names.has("traceparent") ? null : `without ${missing.join(", ")}`;
}

const tell = ({ method, path, headers, body }: RawRequest): string => {
  const secret = /^(cookie|authorization)$/;
  const shown = headers.map(([name, value]) => `${name}: ${secret.test(name) ? "…" : value.slice(0, 60)}`);
  return `${method} ${path.slice(0, 200)} [${shown.join("; ")}] ${JSON.stringify(String(body ?? "").slice(0, 200))}`;
};

/** `settleOnce`, again when a busy machine was too slow for it. */
export async function settle(product: Pick<Product, "api">): Promise<Knowledge> {
  for (let tries = 1; ; tries++) {
    try {
      return await settleOnce(product);
    } catch (error) {
      if (tries === 10 || !String(error).includes("503")) throw error;
      await Bun.sleep(2_000);
    }
  }
}

/** A new account with data of every kind, and every id in it. */
async function settleOnce({ api }: Pick<Product, "api">): Promise<Knowledge> {
  const person = await signUp(api, "crawler");
  const due = "2027-01-04T09:00:00Z";
  const [plain, series, done, gone, token] = [
    await person.createTask({ title: "Plain", tags: ["work", "日本"], due_date: due, reminders: [{ before: "1h" }] }),
    await person.createTask({ title: "Series", due_date: due, recurring_pattern: "FREQ=WEEKLY;BYDAY=MO" }),
    await person.createTask({ title: "Done" }),
    await person.createTask({ title: "Gone" }),
    await person.json<{ id: string }>("POST", "/api/tokens", { name: "robot", scope: "read" }),
  ];
  await person.completeTask(done.id);
  await person.call("DELETE", `/api/tasks/${gone.id}`);
  const ids = [plain, series, done, gone, token, person.user, ...plain.tags, ...plain.reminders].map(({ id }) => id);
  return { ids, tag: plain.tags[0]?.id ?? "", cookie: `carillon_session=${person.token}`, token: person.token };
}
