import type { Formats } from "@carillon/calendar/formats";
import { type Language, usualDayParts, type weekStarts } from "@carillon/contracts/http/quick-add";
import type { Db } from "@carillon/kit/database";
import type { Options } from "@carillon/quick-add";
import type { UserRow } from "./user.ts";

/** How a user writes dates and words: what reading a line takes beside the moment and the zone. */
export type Habits = {
  /** Null: as the request prefers. */
  language: Language | null;
} & Formats &
  Required<Pick<Options, "dateOrder" | "weekStart" | "partsOfDay">>;

/** The columns of a user's habits, with the table named `u`. */
export const habitColumns = (db: Db) => db`u.words_language, u.date_order, u.hour_cycle, u.week_start, u.day_parts`;

export type HabitsRow = Pick<UserRow, "words_language" | "date_order" | "hour_cycle" | "week_start" | "day_parts">;

/** The weekday of each setting, Monday = 0. */
const weekdayOf: Record<(typeof weekStarts)[number], number> = { monday: 0, saturday: 5, sunday: 6 };

export function toHabits({ words_language, date_order, hour_cycle, week_start, day_parts }: HabitsRow): Habits {
  const parts = Object.entries({ ...usualDayParts, ...day_parts }).map(([name, clock]) => [name, minutesOf(clock)]);
  return {
    language: words_language,
    dateOrder: date_order,
    hourCycle: hour_cycle,
    weekStart: weekdayOf[week_start],
    partsOfDay: Object.fromEntries(parts),
  };
}

const minutesOf = (clock: string): number => Number(clock.slice(0, 2)) * 60 + Number(clock.slice(3));
