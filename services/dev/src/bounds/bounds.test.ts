import { expect, test } from "bun:test";
import { existsSync, readFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { fixed, ofOneCall } from "./exempt.ts";
import { boundsPage, pageFile } from "./page.ts";
import { bounds } from "./table.ts";

const root = resolve(import.meta.dir, "../../../..");
const read = (file: string): string => readFileSync(join(root, file), "utf8");
const rows = Object.values(bounds).flat();

const product =
  /^(services\/(kit|events|adapters|api|audit|notification|recurring|realtime|host|ops|cli|calendar|contracts)|services\/launch\/[a-z]+|web)\/src\//;
const files = Bun.spawnSync(["git", "ls-files", "--cached", "--others", "--exclude-standard"], { cwd: root })
  .stdout.toString()
  .split("\n")
  .filter((file) => product.test(file) && /\.tsx?$/.test(file) && !/\.test\.|\/testing\//.test(file))
  .filter((file) => existsSync(join(root, file)));

/** What can grow: an empty collection, a stream, a listener, a connection. A WeakMap keeps nothing alive. */
const growing =
  /new (Map|Set)(<[^()]*>)?\(\)|#\w+(: [^=\n]+)? = \[\]|^(const|let) \w+: [^=\n]*\[\] = \[\]|new ReadableStream|\.listen\(|\bpostgres\(/m;

test("G25: every collection, stream and socket of the product is named in the table of bounds, or is of one call", () => {
  const named = new Set([...rows.map(({ file }) => file), ...fixed, ...ofOneCall]);
  expect(files.filter((file) => growing.test(read(file)) && !named.has(file))).toEqual([]);
});

test("the table names no file that has nothing to bound", () => {
  expect([...fixed, ...ofOneCall].filter((file) => !files.includes(file) || !growing.test(read(file)))).toEqual([]);
});

test.each(rows)(
  "G25: $what: the bound is the code's, and a test holds it",
  ({ file, line, test: [testFile, name] }) => {
    expect(read(file)).toContain(line);
    expect(read(testFile)).toContain(name);
  },
);

test("docs/bounds.md is what `npm run gen` makes of the table", () => {
  expect(readFileSync(pageFile, "utf8")).toBe(boundsPage());
});
