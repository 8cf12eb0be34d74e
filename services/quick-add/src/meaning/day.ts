import { type DayNumber, dayOf, daysInMonth, weekdayOf, ymdOf } from "../calendar.ts";
import type { Reference } from "../reference.ts";

/**
 * A day as words name it. `days` are the days it can mean, ascending: the first that is not over is meant. `others` are near readings that
 * are offered beside it, `last` is the end of the stretch it names ("june", "next week"), `weekday` and `monthDay` say what it is made of.
 */
export type Day = {
  days: (reference: Reference) => readonly DayNumber[];
  others?: (reference: Reference) => readonly DayNumber[];
  last?: (first: DayNumber) => DayNumber;
  weekday?: number;
  dayOfMonth?: number;
  monthDay?: { month: number; dayOfMonth: number };
  fault?: "past" | "impossible";
  /** Both readings of `3/4` are possible, or only the unusual one is. */
  note?: string;
};

export const isDayOfMonth = (value: number): boolean => Number.isInteger(value) && value >= 1 && value <= 31;

const impossible: Day = { days: () => [], fault: "impossible" };

export const fromToday = (days: number): Day => ({ days: ({ today }) => [today + days] });

/** The day that many days, weeks, months or years later; a month's end stays its end. */
export function later(amount: number, unit: "day" | "week" | "month" | "year", from: Day = fromToday(0)): Day {
  const days = unit === "day" ? amount : amount * 7;
  if (unit === "day" || unit === "week") return plusDays(from, days);
  return { days: (at) => from.days(at).map((day) => plusMonths(day, unit === "month" ? amount : amount * 12)) };
}

export const plusDays = (day: Day, days: number): Day => ({ days: (at) => day.days(at).map((each) => each + days) });

export function plusMonths(day: DayNumber, months: number): DayNumber {
  const { year, month, dayOfMonth } = ymdOf(day);
  const count = year * 12 + month - 1 + months;
  const [toYear, toMonth] = [Math.floor(count / 12), (count % 12) + 1];
  return dayOf(toYear, toMonth, Math.min(dayOfMonth, daysInMonth(toYear, toMonth)));
}

const daysUntil = (weekday: number, today: DayNumber): number => (weekday - weekdayOf(today) + 7) % 7;

/** The weekday to come; today's own means a week on, and today is offered. */
export const weekdayToCome = (weekday: number): Day => ({
  days: ({ today }) => [today + (daysUntil(weekday, today) || 7)],
  others: ({ today }) => (weekdayOf(today) === weekday ? [today] : []),
  weekday,
});

const startOfWeek = ({ today, weekStart }: Reference): DayNumber => today - ((weekdayOf(today) - weekStart + 7) % 7);

/** The weekday of the calendar week that many weeks later; a nearer one of the same name is offered. */
export const weekdayOfWeek = (weekday: number, weeks: number): Day => ({
  days: (at) => [startOfWeek(at) + weeks * 7 + ((weekday - at.weekStart + 7) % 7)],
  others: (at) => {
    const meant = startOfWeek(at) + weeks * 7 + ((weekday - at.weekStart + 7) % 7);
    return [meant - 7].filter((day) => day > at.today);
  },
  weekday,
});

/** Monday of the week that many weeks later. As an end it is that week's last day. */
export const weekOn = (weeks: number): Day => ({
  days: (at) => [startOfWeek(at) + weeks * 7 + ((7 - at.weekStart) % 7)],
  last: (first) => first + 6,
});

/** Saturday of that week; on a weekend, this one is today. */
export const weekend = (weeks: number): Day => ({
  days: (at) => {
    const { today } = at;
    const onWeekend = weekdayOf(today) >= 5;
    const saturday = today + (onWeekend ? 0 : 5 - weekdayOf(today));
    return [weeks === 0 ? saturday : saturday - (weekdayOf(saturday) - 5) + weeks * 7];
  },
  ...(weeks === 1
    ? { others: ({ today }: Reference) => [today + (weekdayOf(today) >= 5 ? 0 : 5 - weekdayOf(today))] }
    : {}),
  last: (first) => first + (6 - weekdayOf(first)),
});

/** Friday of this week, as long as it is not over; else the week's last day. */
export const endOfWeek = (weeks: number): Day => ({
  days: (at) => {
    const monday = startOfWeek(at) + weeks * 7 + ((7 - at.weekStart) % 7);
    return [monday + 4, monday + 6, monday + 11];
  },
});

type PlaceInMonth = "first" | "middle" | "last";

const inMonth = (year: number, month: number, place: PlaceInMonth): DayNumber =>
  dayOf(year, month, place === "first" ? 1 : place === "middle" ? 15 : daysInMonth(year, month));

/** A place in the month that many months later. This month's counts while it is not over. */
export const placeInMonthOn = (months: number | null, place: PlaceInMonth): Day => ({
  days: ({ today }) => {
    const { year, month } = ymdOf(today);
    return (months === null ? [0, 1] : [months]).map((more) => {
      const count = year * 12 + month - 1 + more;
      return inMonth(Math.floor(count / 12), (count % 12) + 1, place);
    });
  },
});

/** "the 1st of next month"; a month without that day has none. */
export const dayInMonthOn = (months: number, dayOfMonth: number): Day => ({
  days: ({ today }) => {
    const { year, month } = ymdOf(today);
    const count = year * 12 + month - 1 + months;
    const [inYear, ofMonth] = [Math.floor(count / 12), (count % 12) + 1];
    return dayOfMonth <= daysInMonth(inYear, ofMonth) ? [dayOf(inYear, ofMonth, dayOfMonth)] : [];
  },
});

/** "mid January": of the year that has it still to come, or of the year that is named. */
export const placeInMonth = (month: number, place: PlaceInMonth, year?: number): Day => ({
  days: (at) => yearsFor(at, year, 2).map((each) => inMonth(each, month, place)),
});

/** The month as a whole: its first day as a date, its last as an end. */
export const wholeMonth = (first: Day): Day => ({ ...first, last: endOfMonth });

const endOfMonth = (day: DayNumber): DayNumber => {
  const { year, month } = ymdOf(day);
  return dayOf(year, month, daysInMonth(year, month));
};

/** First or last day of the year that many years later. */
export const placeInYearOn = (years: number, place: "first" | "last"): Day => ({
  days: ({ today }) => {
    const year = ymdOf(today).year + years;
    return [place === "first" ? dayOf(year, 1, 1) : dayOf(year, 12, 31)];
  },
});

/** The year as a whole. */
export const wholeYear = (first: Day): Day => ({ ...first, last: (day) => dayOf(ymdOf(day).year, 12, 31) });

const lastOfQuarter = (first: DayNumber): DayNumber => endOfMonth(plusMonths(first, 2));

/** First or last day of the quarter that many quarters later. This quarter's counts while it is not over. */
export const placeInQuarterOn = (quarters: number | null, place: "first" | "last"): Day => ({
  days: ({ today }) => {
    const { year, month } = ymdOf(today);
    return (quarters === null ? [0, 1] : [quarters]).map((more) => {
      const count = Math.floor((year * 12 + month - 1) / 3) + more;
      const first = dayOf(Math.floor(count / 4), (count % 4) * 3 + 1, 1);
      return place === "first" ? first : lastOfQuarter(first);
    });
  },
});

/** The quarter as a whole. */
export const wholeQuarter = (first: Day): Day => ({ ...first, last: lastOfQuarter });

const yearsFor = ({ today }: Reference, year: number | undefined, howMany: number): number[] =>
  year === undefined ? Array.from({ length: howMany }, (_, more) => ymdOf(today).year + more) : [year];

/** "27 January": the next real one, or that of the year that is named. */
export function monthDay(month: number, dayOfMonth: number, year?: number): Day {
  if (month < 1 || month > 12 || dayOfMonth < 1) return impossible;
  if (dayOfMonth > daysInMonth(year ?? 2_024, month)) return impossible;
  if (year !== undefined && (year < 1_970 || year > 2_199)) return impossible;
  return {
    days: (at) =>
      yearsFor(at, year, 9)
        .filter((each) => dayOfMonth <= daysInMonth(each, month))
        .map((each) => dayOf(each, month, dayOfMonth)),
    monthDay: { month, dayOfMonth },
  };
}

/** "the 27th": of the first month that has one still to come. */
export const dayOfMonthToCome = (dayOfMonth: number): Day => ({
  days: ({ today }) => {
    const { year, month } = ymdOf(today);
    const days: DayNumber[] = [];
    for (let count = year * 12 + month - 1; days.length < 3; count++) {
      const [inYear, ofMonth] = [Math.floor(count / 12), (count % 12) + 1];
      if (dayOfMonth <= daysInMonth(inYear, ofMonth)) days.push(dayOf(inYear, ofMonth, dayOfMonth));
    }
    return days;
  },
  dayOfMonth,
});

/** A holiday that number of days after Easter Sunday, by the Gregorian computus of Meeus, Jones and Butcher. */
export const fromEaster = (days: number): Day => ({
  days: (at) => yearsFor(at, undefined, 2).map((year) => easterSunday(year) + days),
});

function easterSunday(year: number): DayNumber {
  const century = Math.floor(year / 100);
  const golden = year % 19;
  const correction = century - Math.floor(century / 4) - Math.floor((century - Math.floor((century + 8) / 25) + 1) / 3);
  const moon = (19 * golden + correction + 15) % 30;
  const toSunday = (32 + 2 * (century % 4) + 2 * Math.floor((year % 100) / 4) - moon - (year % 4)) % 7;
  const overflow = Math.floor((golden + 11 * moon + 22 * toSunday) / 451);
  const count = moon + toSunday - 7 * overflow + 114;
  return dayOf(year, Math.floor(count / 31), (count % 31) + 1);
}

/** "the friday before christmas": the nearest such weekday on that side of the day, never the day itself. */
export const weekdayBeside = (weekday: number, side: "before" | "after", day: Day): Day => ({
  days: (at) =>
    day.days(at).map((each) => {
      const ahead = (weekday - weekdayOf(each) + 7) % 7;
      return side === "after" ? each + (ahead || 7) : each + ahead - 7;
    }),
});

/** Which days of a stretch are counted: those of one weekday, or Monday to Friday. */
export type Counted = number | "workday";

/** "first monday of march", "last workday of the year": the nth of the month or year that begins on these days, from its end when negative. */
export const nthIn = (nth: number, counted: Counted, stretch: Day): Day => ({
  days: (at) => stretch.days(at).flatMap((first) => nthBetween(nth, counted, first, stretch.last?.(first) ?? first)),
});

function nthBetween(nth: number, counted: Counted, first: DayNumber, last: DayNumber): DayNumber[] {
  const step = nth > 0 ? 1 : -1;
  let left = Math.abs(nth);
  for (let day = nth > 0 ? first : last; day >= first && day <= last; day += step) {
    if (counted === "workday" ? weekdayOf(day) < 5 : weekdayOf(day) === counted) left -= 1;
    if (left === 0) return [day];
  }
  return [];
}

/** A named month, of all years it can be meant in. */
export const monthsNamed = (month: number, year?: number): Day =>
  wholeMonth({ days: (at) => yearsFor(at, year, 9).map((each) => dayOf(each, month, 1)) });

/** This year and the next. */
export const thisYear: Day = wholeYear({
  days: ({ today }) => [0, 1].map((more) => dayOf(ymdOf(today).year + more, 1, 1)),
});
