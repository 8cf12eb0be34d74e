#!/usr/bin/env bun
import { currentZones } from "@carillon/calendar/zone";
import { pythonWithDateutil } from "./python.ts";

/**
 * Compares the offsets of every zone, 1970 to 2050, with Python's zoneinfo on PyPI's tzdata: `bun
 * compare/zones.ts`. Python reads the compiled database, we its source. Exits with 0 when every
 * instant agrees or when that Python is not available (reported), with 1 otherwise.
 */

const [first, last] = [Date.UTC(1970, 0, 1), Date.UTC(2051, 0, 1)];

/** Per zone, the instant (in seconds) from which each offset (in seconds) holds. */
function ours(): Record<string, [number, number][]> {
  const zones = currentZones();
  return Object.fromEntries(
    zones.names().map((name) => {
      const { starts, offsets } = zones.offsetsOf(name);
      const spans = [...starts].map((at, index): [number, number] => [
        Math.max(at, first) / 1_000,
        (offsets[index] ?? 0) / 1_000,
      ]);
      return [name, spans.filter(([at], index) => at * 1_000 < last && (starts[index + 1] ?? last) > first)];
    }),
  );
}

const python = pythonWithDateutil();
if (python === null) {
  process.stdout.write("Comparison with zoneinfo did not run: it needs python3 with the package tzdata.\n");
} else {
  const question = { release: currentZones().release, last: last / 1_000, zones: ours() };
  const oracle = Bun.spawn([python, `${import.meta.dir}/zones.py`], {
    stdin: new Blob([JSON.stringify(question)]),
    stdout: "inherit",
    stderr: "inherit",
  });
  process.exitCode = await oracle.exited;
}
