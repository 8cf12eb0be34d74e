import { BlockList } from "node:net";
import { databaseNow } from "@carillon/kit/clock";
import type { Sql } from "@carillon/kit/database";
import { silentLog } from "@carillon/kit/observe";
import { createNotices } from "../assistant/index.ts";
import { argonPasswords, type Passwords } from "../auth/password.ts";
import { createSeals } from "../auth/seals.ts";
import type { ApiDeps } from "../deps.ts";
import { createBelongingsCache } from "../tasks/belongings.ts";
import { withSeats } from "../zones/index.ts";

type Own = Partial<Omit<ApiDeps, "settings" | "seatSome">> & { sql: Sql; settings: Settings };
type Settings = Partial<ApiDeps["settings"]> & { appToken: string };

/** Real argon2id at its lowest cost. */
export const cheapPasswords = (): Passwords => argonPasswords({ memoryCost: 64, timeCost: 1 });

/** `api`'s dependencies for tests and benchmarks: cheap passwords, no rate limits, every neighbour away, unless `own` says otherwise. */
export async function depsForTests({ settings, ...own }: Own): Promise<ApiDeps> {
  const { log = silentLog, clock = { now: () => new Date() } } = own;
  return withSeats({
    log,
    clock,
    databaseNow,
    invoke: { call: async () => new Response(null, { status: 503 }) },
    newId: () => Bun.randomUUIDv7(),
    passwords: cheapPasswords(),
    seals: await createSeals("a secret of the tests, long enough for HS256"),
    health: {},
    belongings: createBelongingsCache(),
    notices: createNotices({ sql: own.sql, log, clock }),
    ...own,
    settings: {
      sessionMinutes: 1_440,
      ratePerMinute: 0,
      publicUrl: new URL("http://localhost:3000"),
      secure: false,
      corsOrigins: [],
      trustedProxies: new BlockList(),
      ...settings,
    },
  });
}
