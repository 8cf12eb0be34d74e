import { isTimeZone } from "@carillon/calendar/zone";
import type { User } from "@carillon/contracts/http/auth";
import { addressKey } from "@carillon/contracts/http/email";
import { usualDayParts } from "@carillon/contracts/http/quick-add";
import { explainText } from "@carillon/contracts/http/text";
import type { Db, Row } from "@carillon/kit/database";
import { invalid } from "@carillon/kit/service";
import type { ApiDeps } from "../deps.ts";
import type { users } from "../schema/users.ts";
import { isProven } from "./address/proof.ts";
import { weaknessOf } from "./passwords/weak-password.ts";

export type UserRow = Pick<
  Row<typeof users>,
  | "id"
  | "email"
  | "name"
  | "time_zone"
  | "notify_by_email"
  | "created_at"
  | "words_language"
  | "date_order"
  | "hour_cycle"
  | "week_start"
  | "day_parts"
> & { email_verified: boolean; has_password: boolean };

/** The columns of a UserRow; `api.users` must not have another name in the statement. */
export const userColumns = (db: Db) => db`
  id, email, name, time_zone, notify_by_email, created_at, words_language, date_order, hour_cycle, week_start, day_parts,
  password_hash is not null as has_password, ${isProven(db, "users")} as email_verified`;

/** A user as every answer shows it. */
export const toUser = (row: UserRow): User => ({
  id: row.id,
  email: row.email,
  email_verified: row.email_verified,
  name: row.name,
  time_zone: row.time_zone,
  created_at: row.created_at.toISOString(),
  has_password: row.has_password,
  notifications: { email: row.notify_by_email },
  language: row.words_language,
  date_order: row.date_order,
  hour_cycle: row.hour_cycle,
  week_start: row.week_start,
  day_parts: { ...usualDayParts, ...row.day_parts },
});

/** The key by which accounts are found. Null for text that cannot be an account's address. */
export function emailKeyOf(email: string): string | null {
  const isPlain = explainText({ minLength: 3, maxLength: 254, multiline: false }, email.trim()) === null;
  return isPlain ? addressKey(email) : null;
}

/**
 * Replaces the address in buckets and logs: equal for equal addresses, and irreversible without our
 * secret.
 */
export const accountOf = ({ seals }: ApiDeps, email: string): string =>
  Buffer.from(seals.digest(`account ${addressKey(email)}`))
    .toString("hex")
    .slice(0, 32);

/** @throws Problem 422 for a name unknown to IANA. */
export function requireTimeZone(name: string): void {
  if (isTimeZone(name)) return;
  throw invalid({ pointer: "/time_zone", detail: "must be an IANA time zone such as Europe/Berlin" });
}

/** @throws Problem 422 at `pointer` for a common password. */
export function requireStrongPassword(password: string, { email, pointer }: { email: string; pointer: string }): void {
  const weakness = weaknessOf(password, { email });
  if (weakness !== null) throw invalid({ pointer, detail: weakness });
}
