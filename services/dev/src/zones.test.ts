import { expect, test } from "bun:test";
import { existsSync, readFileSync } from "node:fs";
import { join, resolve } from "node:path";

const root = resolve(import.meta.dir, "../../..");
const files = Bun.spawnSync(["git", "ls-files", "--cached", "--others", "--exclude-standard"], { cwd: root })
  .stdout.toString()
  .split("\n")
  .filter((file) => /\.(ts|tsx|mjs)$/.test(file) && existsSync(join(root, file)) && !/\/public\//.test(file));

/**
 * Code that knows zones from the runtime's data, which may be releases behind. The name of the
 * machine's own zone is not a conversion.
 */
const runtimeZones = [
  /\bTemporal\b/,
  /\bDateTimeFormat\((?!\)\.resolvedOptions)/,
  /\bsupportedValuesOf\(/,
  /\.toLocale(Date|Time)?String\([^)]/,
  /\.(get|set)(FullYear|Month|Date|Day|Hours|Minutes|TimezoneOffset)\(/,
  /\b(getHours|getTimezoneOffset)\b/,
];

const own = "services/dev/src/zones.test.ts";

test("only the calendar knows zones: nothing asks the runtime", () => {
  const found = files.flatMap((file) =>
    file === own
      ? []
      : readFileSync(join(root, file), "utf8")
          .split("\n")
          .flatMap((line, index) =>
            runtimeZones.some((pattern) => pattern.test(line)) ? [`${file}:${index + 1} ${line.trim()}`] : [],
          ),
  );
  expect(found).toEqual([]);
});
