/**
 * Days, wall time and instants, by IANA's zone rules and never by the runtime's. The only room of the
 * product that knows zones.
 */
export { currentZones, useZones, zoneRelease } from "./current-zones.ts";
export {
  type DayNumber,
  dayFromText,
  dayOf,
  daysInMonth,
  dayText,
  endOfTimeMs,
  weekdayOf,
  ymdOf,
} from "./day.ts";
export { monthNames, weekdayNames } from "./day-names.ts";
export { parseInstant } from "./instant.ts";
export { type Observance, observancesOf } from "./observances.ts";
export {
  addDays,
  clockChangeAt,
  dayIn,
  instantOf,
  isTimeZone,
  nextClockChange,
  offsetMsAt,
  startOfDay,
  type WallTime,
  wallTimeOf,
} from "./zone.ts";
export { compareReleases, readZoneTable, sameOffsets, type ZoneTable } from "./zone-table.ts";
