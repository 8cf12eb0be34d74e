import type { Language } from "@carillon/contracts/http/quick-add";
import { type DayNumber, dayText, ymdOf } from "./calendar.ts";
import type { Frequency } from "./meaning/rule.ts";
import { clockOf } from "./meaning/time.ts";
import type { Moment } from "./settle/when.ts";

/** How dates are written so that the same parser reads them again. */
export type Writing = {
  iso: (day: DayNumber) => string;
  clock: (minutes: number) => string;
  moment: (moment: Moment) => string;
  /** "starting 4 January 2027". */
  starting: (day: DayNumber) => string;
  /** "every 2 weeks". */
  every: (frequency: Frequency, interval: number) => string;
  /** The text's own words between two offsets. */
  slice: (start: number, end: number) => string;
};

const months: Record<Language, readonly string[]> = {
  en: "January February March April May June July August September October November December".split(" "),
  de: "Januar Februar März April Mai Juni Juli August September Oktober November Dezember".split(" "),
};

const units: Record<Language, Record<Frequency, readonly [each: string, one: string, many: string]>> = {
  en: {
    DAILY: ["every", "day", "days"],
    WEEKLY: ["every", "week", "weeks"],
    MONTHLY: ["every", "month", "months"],
    YEARLY: ["every", "year", "years"],
  },
  de: {
    DAILY: ["jeden", "Tag", "Tage"],
    WEEKLY: ["jede", "Woche", "Wochen"],
    MONTHLY: ["jeden", "Monat", "Monate"],
    YEARLY: ["jedes", "Jahr", "Jahre"],
  },
};

export function writingIn(language: Language, points: readonly string[]): Writing {
  const date = (day: DayNumber): string => {
    const { year, month, dayOfMonth } = ymdOf(day);
    return `${dayOfMonth}${language === "de" ? "." : ""} ${months[language][month - 1]} ${year}`;
  };
  return {
    iso: dayText,
    clock: clockOf,
    moment: ({ day, minutes }) =>
      minutes === null ? date(day) : `${date(day + Math.floor(minutes / 1_440))} ${clockOf(minutes)}`,
    starting: (day) => `${language === "de" ? "ab" : "starting"} ${date(day)}`,
    every: (frequency, interval) => {
      const [each, one, many] = units[language][frequency];
      if (interval === 1) return `${each} ${one}`;
      return language === "de" ? `alle ${interval} ${many}` : `every ${interval} ${many}`;
    },
    slice: (start, end) => points.slice(start, end).join(""),
  };
}
