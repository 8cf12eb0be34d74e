import { zoneRelease } from "@carillon/calendar/zone";
import { databaseHealth } from "@carillon/kit/database";
import { createInternalService, createService } from "@carillon/kit/service";
import type { AnyElysia } from "elysia";
import { assistantRoutes } from "./assistant/index.ts";
import { auditRoutes } from "./audit/index.ts";
import { authRoutes, corsHeaders, createGuard, requestClient, requireScope } from "./auth/index.ts";
import { maxProviderMs } from "./auth/oidc/ask-provider.ts";
import { channelRoutes } from "./channels/index.ts";
import type { ApiDeps } from "./deps.ts";
import { docsRoutes } from "./docs/index.ts";
import { insightRoutes } from "./insights/index.ts";
import { internalRoutes } from "./internal/index.ts";
import { mailRoutes } from "./mail/index.ts";
import { recurrenceRoutes } from "./recurrence/index.ts";
import { reminderRoutes } from "./reminders/index.ts";
import { syncRoutes } from "./sync/index.ts";
import { tagRoutes } from "./tags/index.ts";
import { taskRoutes } from "./tasks/index.ts";
import { transferRoutes } from "./transfer/index.ts";
import { undoRoutes } from "./undo/index.ts";
import { withSeats } from "./zones/index.ts";

/** Maximum time for an answer, in milliseconds; an export is written as it is read, without this limit. */
const deadlineMs = 2_800;

/** Erasing removes 100 000 tasks in one transaction, a batch changes 500, an import 10 000: a late answer is better than a wrong one. */
const largeMs = 28_000;

/** Longer than what a sign-in provider is given, shorter than web waits. */
const providerMs = maxProviderMs + 800;

function deadlineOf({ chat }: ApiDeps, method: string, path: string): number {
  if (method === "DELETE" && path === "/api/auth/me") return largeMs;
  if (method === "POST" && /\/(tasks\/(batch|import)|series\/pause|batches\/[^/]+\/undo)$/.test(path)) return largeMs;
  // A sign-in provider has a budget of its own too.
  if (method === "POST" && /\/(signin\/oidc|identities)(\/start)?\/?$/.test(path)) return providerMs;
  // A model has its own budget of seconds; what it did is kept and said after them.
  if (method === "POST" && /\/chat(\/confirm)?\/?$/.test(path)) return ((chat?.maxSeconds ?? 0) + 5) * 1_000;
  return deadlineMs;
}

/** The door of `api` for people and programs. The types of its routes end here: together they are more than the compiler follows. */
export function createApp(given: Omit<ApiDeps, "seatSome">): AnyElysia {
  const deps = withSeats(given);
  return createService({
    name: "api",
    log: deps.log,
    clientOf: (request) => requestClient(deps, request),
    appToken: deps.settings.appToken,
    before: createGuard(deps),
    after: corsHeaders(deps.settings.corsOrigins),
    secure: deps.settings.secure,
    parameters: { id: "id", delivery: "id", file: "name", secret: "secret" },
    deadlineMs: ({ method, url }) => deadlineOf(deps, method, new URL(url).pathname),
    ready: async () => void (await deps.sql`select 1`),
    health: { database: databaseHealth(deps.sql), zones: zoneRelease, ...deps.health },
  })
    .onBeforeHandle(requireScope(deps))
    .use(docsRoutes())
    .use(authRoutes(deps))
    .use(transferRoutes(deps))
    .use(mailRoutes(deps))
    .use(taskRoutes(deps))
    .use(tagRoutes(deps))
    .use(auditRoutes(deps))
    .use(undoRoutes(deps))
    .use(recurrenceRoutes())
    .use(reminderRoutes(deps))
    .use(channelRoutes(deps))
    .use(insightRoutes(deps))
    .use(syncRoutes(deps))
    .use(assistantRoutes(deps));
}

/** The internal door of `api`, for its neighbours. */
export function createInternalApp(given: Omit<ApiDeps, "seatSome">) {
  const deps = withSeats(given);
  return createInternalService({
    name: "api",
    log: deps.log,
    appToken: deps.settings.appToken,
    limitMs: deadlineMs,
    routes: internalRoutes(deps),
  });
}
