import { startRelay } from "@carillon/events/publish";
import { databaseNow } from "@carillon/kit/clock";
import { type Sql, unicodeOrder } from "@carillon/kit/database";
import type { Clock, EventBus, Invoker } from "@carillon/kit/ports";
import type { Doors, Host, Probes } from "@carillon/kit/service";
import { createApp, createInternalApp } from "./app.ts";
import { createNotices, modelAtFirstUse } from "./assistant/index.ts";
import { noteTransport } from "./auth/index.ts";
import { openIdProvider } from "./auth/oidc/openid-provider.ts";
import { argonPasswords } from "./auth/password.ts";
import { createSeals } from "./auth/seals.ts";
import type { ApiConfig } from "./config.ts";
import type { ChatParts } from "./deps.ts";
import { startHousekeeping } from "./housekeeping.ts";
import { keepUpToDate } from "./older/index.ts";
import { createBelongingsCache } from "./tasks/belongings.ts";
import { keepSeated, withSeats } from "./zones/index.ts";

export type ApiParts = Host & {
  clock: Clock;
  config: ApiConfig;
  sql: Sql;
  bus: EventBus;
  invoke: Invoker;
  /** Whether mail leaves the product; null where notification says so, once it has started. */
  mailGoesOut: boolean | null;
  /** How the carriers are, as `GET /health` shows them. */
  carriers: Probes;
};

/** For an operator whose database it is. */
const staleOrder =
  "the database server's ICU has changed: some lists may be in a wrong order or incomplete until its superuser has built the" +
  " indexes of that order again; docs/operations.md says how (`ops database provision` does it)";

/**
 * Starts api's doors, its relay and its housekeeping. `endStreams`: before the listener stops, which an open stream keeps from ending.
 */
export async function startApi(parts: ApiParts): Promise<Doors & { endStreams: () => void }> {
  const { config, sql, bus, invoke, carriers, log, clock, stops, mailGoesOut } = parts;
  if (mailGoesOut !== null) await noteTransport({ sql }, mailGoesOut);
  const relay = startRelay({ sql, schema: "api", bus, log, clock });
  stops.push("the relay", relay.stop, 6_000);
  const deps = withSeats({
    sql,
    log,
    clock,
    databaseNow,
    invoke,
    newId: () => Bun.randomUUIDv7(),
    passwords: argonPasswords(),
    seals: await createSeals(config.JWT_SECRET),
    health: { broker: () => (relay.stats().brokerAway ? "away" : "ok"), ...carriers },
    chat: chatOf(config),
    belongings: createBelongingsCache(),
    notices: createNotices({ sql, log, clock }),
    provider: config.oidc && openIdProvider(config.oidc, config.PUBLIC_URL, clock),
    settings: {
      appToken: config.APP_API_TOKEN,
      sessionMinutes: config.JWT_EXPIRATION_MINUTES,
      sessionMaxDays: config.SESSION_MAX_DAYS,
      ratePerMinute: config.RATE_LIMIT_PER_MINUTE,
      corsOrigins: config.CORS_ORIGINS,
      ownHosts: [config.PUBLIC_URL.hostname, ...config.CORS_ORIGINS.map((origin) => new URL(origin).hostname)],
      resendWebhookSecret: config.RESEND_WEBHOOK_SECRET,
      statsToken: config.STATS_TOKEN,
      trustedProxies: config.TRUSTED_PROXIES,
      publicUrl: config.PUBLIC_URL,
      secure: config.PUBLIC_URL.protocol === "https:",
    },
  });
  const seating = keepSeated(deps);
  stops.push("the move of dates to the zone rules", seating.stop, 6_000);
  seating.start();
  const older = keepUpToDate(deps);
  stops.push("the renewal of older rows", older.stop, 6_000);
  older.start();
  stops.push("housekeeping", startHousekeeping(deps).stop);
  // No start waits for it: a database that is away just now is one that is asked about later.
  unicodeOrder(sql).then(
    (order) => order === "stale" && log.warn(staleOrder, {}),
    (error: unknown) => log.debug("the order of titles could not be read", { error }),
  );
  return { open: createApp(deps), internal: createInternalApp(deps), endStreams: deps.notices.stop };
}

/** A model that says nothing for a third of the time has the small grammar answer in the rest. */
function chatOf(config: ApiConfig): ChatParts {
  const {
    OPENAI_API_KEY: apiKey,
    OPENAI_BASE_URL: baseUrl,
    OPENAI_MODEL: model,
    CHAT_MAX_SECONDS: maxSeconds,
  } = config;
  const maxSilenceMs = Math.min(20_000, (maxSeconds * 1_000) / 3);
  return {
    model: apiKey === "" ? null : modelAtFirstUse({ apiKey, baseUrl, model, maxSilenceMs }),
    maxCalls: config.CHAT_MAX_CALLS,
    maxSeconds,
    dailyTokens: config.CHAT_DAILY_TOKENS,
  };
}
