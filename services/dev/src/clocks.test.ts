import { expect, test } from "bun:test";
import { existsSync, readFileSync } from "node:fs";
import { join, resolve } from "node:path";

const root = resolve(import.meta.dir, "../../..");

/** The files that may read this machine's clock, and what for; whatever expires, is due or is late is judged by the database's. */
const allowed: Record<string, string> = {
  "services/api/src/auth/oidc/openid-provider.ts": "says how wrong it is to a library that knows no other clock",
  "services/cli/src/main.ts": "a program on a person's own machine, which asks in its own time as a browser does",
  "services/kit/src/observe/log.ts": "the time of a log line",
  "services/kit/src/service/run-service.ts": "hands it to the follower of the database's clock, which compares the two",
  "services/launch/embedded/src/main.ts": "the same for the product in one process",
  "services/ops/src/backup/backup.ts": "notes when a copy of the data folder ended; without a running database",
  "services/ops/src/backup/here.ts": "names a copy of the data folder; without a running database",
  "services/ops/src/serve.ts": "when the process began, for a metric",
  "services/ops/src/smoke-from.ts": "asks the product for a task of tomorrow, as a caller would",
  "services/simulator/src/clock.ts": "where virtual time begins",
};

const clock = /\bnew Date\b(?!\s*\()|\bnew Date\(\s*\)|\bDate\.now\b|(?<![.\w])Date\(\s*\)|\btimeOrigin\b/;

const isOfTests = /(^|\/)(test|testing|bench|compare|lab)\/|\.test\.tsx?$|^services\/(dev|e2e|testing)\//;

/** Files of the product; what runs in a browser only knows the browser's clock. */
const files = Bun.spawnSync(["git", "ls-files", "--cached", "--others", "--exclude-standard"], { cwd: root })
  .stdout.toString()
  .split("\n")
  .filter((file) => /\.(ts|tsx|mjs)$/.test(file) && !isOfTests.test(file) && !file.startsWith("web/public/"))
  .filter((file) => existsSync(join(root, file)));

/** The text without comments, which may speak of clocks. */
const codeOf = (file: string): string =>
  readFileSync(join(root, file), "utf8").replace(/\/\*[\s\S]*?\*\/|(?<=^|\s)\/\/.*$/gm, "");

test("no service reads this machine's clock: files that do so for other reasons are listed", () => {
  const reading = files.filter((file) => clock.test(codeOf(file)));
  expect(reading.sort()).toEqual(Object.keys(allowed).sort());
});

test.each(["new Date()", "new Date( )", "Date.now()", "[1].map(Date.now)", "new Date;", "Date()"])(
  "the law sees %s",
  (code) => {
    expect(clock.test(code)).toBe(true);
  },
);

test.each(["new Date(0)", "new Date(row.at)", "toDate()", "class Date2 {}", "x: Date", "Date.parse(text)"])(
  "the law lets %s pass",
  (code) => {
    expect(clock.test(code)).toBe(false);
  },
);
