import type { Db, Tx } from "@carillon/kit/database";
import type { ApiDeps } from "../../deps.ts";

/** For this long an account keeps an address without proof, from any other account that would prove it. */
export const unprovenDays = 7;

/** Whether mail leaves the product; until notification has said so, it may. */
export const mailGoesOut = (db: Db) => db`coalesce((select goes_out from api.mail_transport), true)`;

/** Whether the address of the account in `users` or `u` was proven; where mail goes to a folder, every one counts as proven. */
export const isProven = (db: Db, users: "users" | "u") => {
  const at = users === "u" ? db`u.email_verified_at` : db`users.email_verified_at`;
  return db`(${at} is not null or not ${mailGoesOut(db)})`;
};

/** Notes whether mail leaves the product. */
export async function noteTransport({ sql }: Pick<ApiDeps, "sql">, goesOut: boolean): Promise<void> {
  await sql`
    insert into api.mail_transport as known (goes_out) values (${goesOut})
    on conflict (is_only) do update set goes_out = excluded.goes_out where known.goes_out <> excluded.goes_out`;
}

type Claim = { tx: Tx; userId: string; now: Date };

/**
 * Takes an address's key for an account that proves it: from an account that did not within seven days. False when another account keeps
 * it. Of several that prove it at once the first gets it.
 */
export async function takeAddress({ tx, userId, now }: Claim, key: string): Promise<boolean> {
  await tx`select pg_advisory_xact_lock(hashtextextended(${`address ${key}`}, 0))`;
  await tx`
    update api.users u set email_key = null
    where email_key = ${key} and id <> ${userId} and not ${isProven(tx, "u")}
      and created_at <= ${now}::timestamptz - make_interval(days => ${unprovenDays})`;
  const kept = await tx`select from api.users where email_key = ${key} and id <> ${userId}`;
  return kept.count === 0;
}
