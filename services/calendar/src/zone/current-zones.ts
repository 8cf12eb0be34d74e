import shipped from "./tzdata.zi" with { type: "text" };
import { readZoneTable, type ZoneTable } from "./zone-table.ts";

let current: ZoneTable | null = null;

/** The rules in force in this process: those it ships with, or newer ones that `useZones` gave it. */
export function currentZones(): ZoneTable {
  current ??= readZoneTable(shipped);
  return current;
}

/** The release of the rules in force, such as `2026f`. */
export const zoneRelease = (): string => currentZones().release;
