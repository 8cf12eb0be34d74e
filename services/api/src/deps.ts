import type { BlockList } from "node:net";
import type { Db, Sql } from "@carillon/kit/database";
import type { Log } from "@carillon/kit/observe";
import type { Clock, Invoker } from "@carillon/kit/ports";
import type { Probes } from "@carillon/kit/service";
import type { Model } from "./assistant/chat/model/model.ts";
import type { Notices } from "./assistant/mcp/notices/subscriber.ts";
import type { Provider } from "./auth/oidc/provider.ts";
import type { Passwords } from "./auth/password.ts";
import type { Seals } from "./auth/seals.ts";
import type { BelongingsCache } from "./tasks/belongings.ts";

/** What chat may do: the model it asks (none: the small grammar alone), and its budgets. */
export type ChatParts = {
  model: Model | null;
  /** Calls of tools in one turn. */
  maxCalls: number;
  maxSeconds: number;
  /** Tokens of the model a user and day. */
  dailyTokens: number;
};

/** Everything `api` needs from outside; main.ts and tests build it, nothing else does. */
export type ApiDeps = {
  sql: Sql;
  log: Log;
  clock: Clock;
  /** Decides whether a reminder is due or too late. */
  databaseNow: (db: Db) => Promise<Date>;
  invoke: Invoker;
  /** A new UUIDv7. */
  newId: () => string;
  passwords: Passwords;
  seals: Seals;
  chat?: ChatParts;
  belongings: BelongingsCache;
  /** The open subscriptions of programs. */
  notices: Notices;
  /** Signs people in beside passwords and passkeys; none: there is no such way. */
  provider?: Provider | null;
  /** How the carriers are: `sidecar` and `broker`, as `GET /health` shows them. */
  health: Probes;
  /** Moves some of the user's dates to the zone rules, and whole days to the zone, that hold now; answers whether all are there. */
  seatSome: (userId: string) => Promise<boolean>;
  settings: {
    appToken: string;
    /** Lifetime of a session's token. */
    sessionMinutes: number;
    /** Longest life of a session that is used and renewed; by default 30. */
    sessionMaxDays?: number;
    /** Requests a minute and user; 0 turns every limit off. */
    ratePerMinute: number;
    /** Where users reach the product. */
    publicUrl: URL;
    /** Whether users reach the product by https. */
    secure: boolean;
    corsOrigins: readonly string[];
    /** Names by which programs may reach it, besides numbers and names of this network. */
    ownHosts?: readonly string[];
    /** The key of the signature of Resend's calls; none: there is no address for them. */
    resendWebhookSecret?: string | null;
    /** The operator's token for `GET /api/stats`; none: there is no such path. */
    statsToken?: string | null;
    /** Proxies whose `X-Forwarded-For` is trusted. */
    trustedProxies: BlockList;
  };
};
