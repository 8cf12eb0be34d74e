import shipped from "./tzdata.zi" with { type: "text" };
import { compareReleases, readZoneTable, type ZoneTable } from "./zone-table.ts";

let current: ZoneTable | null = null;

/** The rules in force in this process: those it ships with, or newer ones that `useZones` gave it. */
export function currentZones(): ZoneTable {
  current ??= readZoneTable(shipped);
  return current;
}

/** The release of the rules in force, such as `2026f`. */
export const zoneRelease = (): string => currentZones().release;

/** Puts these rules in force when they are of a newer release than those that are; answers whether they are now. */
export function useZones(newer: ZoneTable): boolean {
  if (compareReleases(newer.release, zoneRelease()) <= 0) return false;
  current = newer;
  return true;
}
