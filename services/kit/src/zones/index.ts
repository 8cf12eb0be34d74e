export { followZones } from "./follow-zones.ts";
