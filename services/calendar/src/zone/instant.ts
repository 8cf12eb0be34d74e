import { daysInMonth, endOfTimeMs } from "./day.ts";

const dateTime =
  /^([0-9]{4})-([0-9]{2})-([0-9]{2})[Tt]([0-9]{2}):([0-9]{2}):([0-9]{2})(?:\.([0-9]{1,9}))?(?:([Zz])|([+-])([0-9]{2}):([0-9]{2}))$/;

/**
 * The instant an RFC 3339 date-time names, or null for anything else. The offset is required; `t` and
 * `z` may be lower case (RFC 3339 §5.6: the grammar ignores case); a space for the `T`, a bare
 * date, `24:00`, a leap second, an impossible day and more than nine decimals are rejected. Digits
 * beyond milliseconds are cut off.
 *
 * The instant is in 1970–2199 in UTC, so that every answer (always UTC) can be sent again.
 */
export function parseInstant(text: string): Date | null {
  const match = dateTime.exec(text);
  if (match === null) return null;
  const [, ...parts] = match;
  const [year = 0, month = 0, day = 0, hour = 0, minute = 0, second = 0] = parts.slice(0, 6).map(Number);
  const [fraction = "", , sign, offsetHour = "0", offsetMinute = "0"] = parts.slice(6);
  if (month < 1 || month > 12 || day < 1 || day > daysInMonth(year, month)) return null;
  if (hour > 23 || minute > 59 || second > 59 || Number(offsetHour) > 23 || Number(offsetMinute) > 59) return null;
  const offsetMs = (sign === "-" ? -1 : 1) * (Number(offsetHour) * 60 + Number(offsetMinute)) * 60_000;
  const milliseconds = Number(fraction.slice(0, 3).padEnd(3, "0"));
  // A year below 100 would mean 19xx to Date.UTC; every such year is out of range anyway.
  if (year < 1969) return null;
  const at = Date.UTC(year, month - 1, day, hour, minute, second, milliseconds) - offsetMs;
  return at >= 0 && at < endOfTimeMs ? new Date(at) : null;
}
