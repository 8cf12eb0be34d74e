/** The one place that knows where the product's calendar lives: days, zones, recurrence rules and reminder offsets. */
export { planSeries, previewSeries } from "@carillon/calendar/recurrence";
export { parseBefore, remindAt } from "@carillon/calendar/reminder";
export {
  clockChangeAt,
  type DayNumber,
  dayIn,
  dayOf,
  daysInMonth,
  dayText,
  endOfTimeMs,
  instantOf,
  startOfDay,
  wallTimeOf,
  weekdayOf,
  ymdOf,
} from "@carillon/calendar/zone";
