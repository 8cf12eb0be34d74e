import { isTimeZone } from "@carillon/calendar/zone";
import type { User } from "@carillon/contracts/http/auth";
import { explainText } from "@carillon/contracts/http/text";
import type { Db } from "@carillon/kit/database";
import { invalid } from "@carillon/kit/service";

export type UserRow = {
  id: string;
  email: string;
  name: string;
  time_zone: string;
  notify_by_email: boolean;
  created_at: Date;
};

/** The columns of a UserRow. */
export const userColumns = (db: Db) => db`id, email, name, time_zone, notify_by_email, created_at`;

/** A user as every answer shows it. */
export const toUser = (row: UserRow): User => ({
  id: row.id,
  email: row.email,
  name: row.name,
  time_zone: row.time_zone,
  created_at: row.created_at.toISOString(),
  notifications: { email: row.notify_by_email },
});

/** The address as it is compared: without regard to case or to how its letters are composed. Null: no address anybody could have. */
export function emailKeyOf(email: string): string | null {
  if (explainText({ minLength: 3, maxLength: 254, multiline: false }, email) !== null) return null;
  return email.normalize("NFC").toLowerCase().normalize("NFC");
}

/** @throws Problem 422 for what is no IANA name. */
export function requireTimeZone(name: string): void {
  if (isTimeZone(name)) return;
  throw invalid({ pointer: "/time_zone", detail: "must be an IANA time zone such as Europe/Berlin" });
}

/** Halves of characters all hash alike, so one of them would open what another was set for. @throws Problem 422 at `pointer`. */
export function requireWholeCharacters(password: string, pointer: string): void {
  if (!password.isWellFormed()) throw invalid({ pointer, detail: "holds half a character (a lone surrogate)" });
}
