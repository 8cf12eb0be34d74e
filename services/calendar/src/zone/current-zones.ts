import shipped from "./tzdata.zi" with { type: "text" };
import { compareReleases, readZoneTable, type ZoneTable } from "./zone-table.ts";

let current: ZoneTable | null = null;

/** The rules in force in this process: the shipped ones, or newer ones from `useZones`. */
export function currentZones(): ZoneTable {
  current ??= readZoneTable(shipped);
  return current;
}

/** The release of the rules in force, such as `2026f`. */
export const zoneRelease = (): string => currentZones().release;

/** Activates these rules if their release is newer than the active one; returns whether they are active now. */
export function useZones(newer: ZoneTable): boolean {
  if (compareReleases(newer.release, zoneRelease()) <= 0) return false;
  current = newer;
  return true;
}
