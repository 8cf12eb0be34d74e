export { endOfTimeMs } from "./day.ts";
export { parseInstant } from "./instant.ts";
export { dayIn, instantOf, isTimeZone, startOfDay, wallTimeOf } from "./zone.ts";
