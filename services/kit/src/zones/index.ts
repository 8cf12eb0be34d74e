export { followZones, takeNewerZones } from "./follow-zones.ts";
