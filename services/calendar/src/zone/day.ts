/**
 * Calendar days as whole numbers: days since 1970-01-01 in the proleptic Gregorian calendar, negative
 * before it. No zone, no time of day: a day number is a square on a wall calendar. Weekdays count
 * from Monday = 0.
 */
export type DayNumber = number;

/** A day taken apart; `month` and `dayOfMonth` count from 1. */
export type Ymd = { year: number; month: number; dayOfMonth: number };

/** The product's last day, 2199-12-31: no date is beyond it. */
export const lastDay: DayNumber = dayOf(2199, 12, 31);

/** The first instant after the product's valid dates, 2200-01-01T00:00Z, in milliseconds. */
export const endOfTimeMs = (lastDay + 1) * 86_400_000;

export function dayOf(year: number, month: number, dayOfMonth: number): DayNumber {
  return Date.UTC(year, month - 1, dayOfMonth) / 86_400_000;
}

/** The day's year, month and day of month (days-from-civil in reverse; exact over the product's years, and faster than Date). */
export function ymdOf(day: DayNumber): Ymd {
  const shifted = day + 719_468;
  const era = Math.floor(shifted / 146_097);
  const dayOfEra = shifted - era * 146_097;
  const yearOfEra = Math.floor(
    (dayOfEra - Math.floor(dayOfEra / 1_460) + Math.floor(dayOfEra / 36_524) - Math.floor(dayOfEra / 146_096)) / 365,
  );
  const dayOfYear = dayOfEra - (365 * yearOfEra + Math.floor(yearOfEra / 4) - Math.floor(yearOfEra / 100));
  const monthFromMarch = Math.floor((5 * dayOfYear + 2) / 153);
  const dayOfMonth = dayOfYear - Math.floor((153 * monthFromMarch + 2) / 5) + 1;
  const month = monthFromMarch < 10 ? monthFromMarch + 3 : monthFromMarch - 9;
  return { year: yearOfEra + era * 400 + (month <= 2 ? 1 : 0), month, dayOfMonth };
}

/** The day as `2026-11-21`. */
export const dayText = (day: DayNumber): string => new Date(day * 86_400_000).toISOString().slice(0, 10);

/** The day named by `2026-11-21`, within the product's years; null for any other text and for days no calendar has. */
export function dayFromText(text: string): DayNumber | null {
  const match = /^([0-9]{4})-([0-9]{2})-([0-9]{2})$/.exec(text);
  const [year = 0, month = 0, dayOfMonth = 0] = (match ?? []).slice(1).map(Number);
  if (year < 1970 || year > 2199 || month < 1 || month > 12) return null;
  return dayOfMonth < 1 || dayOfMonth > daysInMonth(year, month) ? null : dayOf(year, month, dayOfMonth);
}

/** Monday = 0 … Sunday = 6. 1970-01-01 was a Thursday. */
export const weekdayOf = (day: DayNumber): number => (((day + 3) % 7) + 7) % 7;

export const isLeapYear = (year: number): boolean => (year % 4 === 0 && year % 100 !== 0) || year % 400 === 0;

export const daysInYear = (year: number): number => (isLeapYear(year) ? 366 : 365);

export function daysInMonth(year: number, month: number): number {
  if (month === 2) return isLeapYear(year) ? 29 : 28;
  return month === 4 || month === 6 || month === 9 || month === 11 ? 30 : 31;
}

/**
 * The first day of week 1 of a year: the first week that has four of its days in it, weeks beginning
 * on `weekStart` (RFC 5545 §3.3.10 BYWEEKNO; ISO 8601 with weeks from Monday). It may be in the
 * December before.
 */
export function firstWeekOf(year: number, weekStart: number): DayNumber {
  const newYear = dayOf(year, 1, 1);
  const daysBeforeWeekStart = (7 - weekdayOf(newYear) + weekStart) % 7;
  return daysBeforeWeekStart >= 4 ? newYear + daysBeforeWeekStart - 7 : newYear + daysBeforeWeekStart;
}
