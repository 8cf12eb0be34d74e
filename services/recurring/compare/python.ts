import { existsSync } from "node:fs";
import { resolve } from "node:path";

const ours = resolve(import.meta.dir, "../../../.tools/python/bin/python");

/** A Python that has python-dateutil and PyPI's tzdata: `PYTHON`, or `.tools/python`, or `python3`; null when there is none. */
export function pythonWithDateutil(): string | null {
  const named = process.env.PYTHON ?? (existsSync(ours) ? ours : "python3");
  const python = Bun.which(named);
  if (python === null || Bun.spawnSync([python, "-c", "import dateutil.rrule, tzdata, zoneinfo"]).exitCode !== 0)
    return null;
  return python;
}
