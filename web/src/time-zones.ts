import { currentZones } from "@carillon/calendar/zone";
import type { Choice } from "./ui/field.tsx";

/** Every zone of a place, with UTC first: `Europe/Berlin` reads as `Europe / Berlin`. */
export const timeZoneChoices = (): Choice[] =>
  ["UTC", ...placesOf(currentZones().names())].map((zone) => ({
    value: zone,
    label: zone.replaceAll("_", " ").replaceAll("/", " / "),
  }));

/** Alphabetical; without former names (`US/Pacific`) and offsets (`Etc/GMT+5`). */
function placesOf(names: readonly string[]): string[] {
  return names.filter((name) => regions.some((region) => name.startsWith(`${region}/`))).sort();
}

const regions = "Africa America Antarctica Arctic Asia Atlantic Australia Europe Indian Pacific".split(" ");
