import { compileZone, type Offsets } from "./compile-zone.ts";
import { readTzSource } from "./tz-source.ts";

/** The rules of all zones of one release of the IANA time zone database. */
export type ZoneTable = {
  /** Such as `2026f`. */
  release: string;
  /** The `tzdata.zi` it was read from. */
  text: string;
  has(name: string): boolean;
  /** Every name of the release, links included, in no order. */
  names(): string[];
  /** @throws RangeError for a name that `has` does not know. */
  offsetsOf(name: string): Offsets;
};

/**
 * The table of a `tzdata.zi`. A zone is compiled when it is first asked for, and kept: half a millisecond, and about 10 KiB.
 * @throws Error for a text that is not of the format, or whose zones name rules that it lacks.
 */
export function readZoneTable(text: string): ZoneTable {
  const { release, zones, rules, links } = readTzSource(text);
  const linesOf = (name: string) => zones.get(name) ?? zones.get(links.get(name) ?? withdrawn.get(name) ?? "");
  const names = [...zones.keys(), ...links.keys()].filter((name) => name !== notAPlace);
  for (const name of names) {
    const lines = linesOf(name);
    if (lines === undefined) throw new Error(`${name} is another name of a zone that is not there.`);
    const missing = lines.find((line) => line.rules !== null && !rules.has(line.rules));
    if (missing) throw new Error(`${name} goes by the rules ${missing.rules}, which are not there.`);
  }
  const known = new Set([...names, ...[...withdrawn].filter(([, target]) => zones.has(target)).map(([name]) => name)]);
  const compiled = new Map<string, Offsets>();
  return {
    release,
    text,
    has: (name) => known.has(name),
    names: () => [...names],
    offsetsOf(name) {
      const found = compiled.get(name);
      if (found !== undefined) return found;
      const lines = known.has(name) ? linesOf(name) : undefined;
      if (lines === undefined) throw new RangeError(`There is no time zone ${name.slice(0, 64)}.`);
      const offsets = compileZone(lines, rules);
      compiled.set(name, offsets);
      return offsets;
    },
  };
}

/** Names that IANA removed (2020b) and that our rows may hold, because the runtime still accepted them. */
const withdrawn = new Map([
  ["US/Pacific-New", "America/Los_Angeles"],
  ["Canada/East-Saskatchewan", "America/Regina"],
]);

/** The zone of an unconfigured machine. */
const notAPlace = "Factory";

/** True when both tables have the zone and its clocks show the same in both, always. */
export function sameOffsets(a: ZoneTable, b: ZoneTable, name: string): boolean {
  return a.has(name) && b.has(name) && Bun.deepEquals(a.offsetsOf(name), b.offsetsOf(name));
}

/** Negative when the release `a` is the older one: 2026f, 2026z, 2026za, 2027a. */
export function compareReleases(a: string, b: string): number {
  const [left, right] = [a, b].map((release) => [release.slice(0, 4), release.length, release] as const);
  if (left === undefined || right === undefined) return 0;
  for (const [index, part] of left.entries()) {
    const other = right[index];
    if (other !== undefined && part !== other) return part < other ? -1 : 1;
  }
  return 0;
}
