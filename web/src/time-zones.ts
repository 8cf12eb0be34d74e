import type { Choice } from "./ui/field.tsx";

/** Every zone this runtime knows, with UTC first: `Europe/Berlin` reads as `Europe / Berlin`. */
export const timeZoneChoices: readonly Choice[] = [
  "UTC",
  ...Intl.supportedValuesOf("timeZone").filter((zone) => zone !== "UTC"),
].map((zone) => ({
  value: zone,
  label: zone.replaceAll("_", " ").replaceAll("/", " / "),
}));
