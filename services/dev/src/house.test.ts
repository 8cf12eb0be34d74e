import { expect, test } from "bun:test";
import { existsSync, readFileSync } from "node:fs";
import { dirname, join, resolve } from "node:path";
import { knownMigrations, migrationChecksums } from "./migrations.ts";

const root = resolve(import.meta.dir, "../../..");

/** Files the repository holds or is about to. */
const files = Bun.spawnSync(["git", "ls-files", "--cached", "--others", "--exclude-standard"], { cwd: root })
  .stdout.toString()
  .split("\n")
  .filter((file) => file !== "" && existsSync(join(root, file)));
const generated = /(^|\/)(public|schemas|generated|migrations\/meta)\//;
const code = files.filter((file) => /\.(ts|tsx|mjs)$/.test(file) && !generated.test(file));
const read = (file: string) => readFileSync(join(root, file), "utf8");

const ofKit = code.filter((file) => file.startsWith("services/kit/src/") && !file.includes(".test."));

test("kit has at most 5 000 lines", () => {
  const lines = ofKit.map((file) => read(file).split("\n").length - 1);
  expect(lines.reduce((sum, count) => sum + count, 0)).toBeLessThanOrEqual(5_000);
});

test("kit knows no word of the product", () => {
  const knowing = [...ofKit, "services/kit/README.md"].flatMap((file) =>
    read(file)
      .split("\n")
      .flatMap((line, at) =>
        /(?<!micro)task|reminder|occurrence/i.test(line) ? `${file}:${at + 1} ${line.trim()}` : [],
      ),
  );
  expect(knowing).toEqual([]);
});

test("files and folders are named in kebab-case, and after what they are", () => {
  const odd = code.filter((file) => {
    const name =
      file
        .split("/")
        .at(-1)
        ?.replace(/(\.(v\d+|test|conformance|e2e|dapr|bench|config|d))*\.(ts|tsx|mjs)$/, "") ?? "";
    return !/^[a-z0-9]+(-[a-z0-9]+)*$/.test(name) || /\b(utils?|helpers?|common|manager|base|impl)\b/.test(name);
  });
  expect(odd).toEqual([]);
});

test("every migration can be taken back", () => {
  const ups = files.filter((file) => /\/migrations\/(.*\/)?\d{4}_[a-z0-9_]+\.sql$/.test(file));
  expect(ups.length).toBeGreaterThan(0);
  expect(ups.filter((file) => !existsSync(join(root, file.replace(/\.sql$/, ".down.sql"))))).toEqual([]);
});

test("a committed migration stays as it is: products that ran it would not start with another text", () => {
  const now = migrationChecksums();
  const known = knownMigrations();
  expect(Object.keys(known).filter((name) => now[name] !== known[name])).toEqual([]);
  // `npm run gen` notes new ones.
  expect(Object.keys(now).filter((name) => !(name in known))).toEqual([]);
});

test("a document names only files that exist", () => {
  const broken = files
    .filter((file) => file.endsWith(".md") && !file.startsWith("CHANGELOG"))
    .flatMap((file) => linksOf(file).map((link) => ({ file, link })))
    .filter(({ file, link }) => !existsSync(resolve(root, dirname(file), link)) && !existsSync(join(root, link)))
    .map(({ file, link }) => `${file} → ${link}`);
  expect(broken).toEqual([]);
});

/** Relative Markdown links, and code spans that look like a path of this repository. */
function linksOf(file: string): string[] {
  const text = read(file).replace(/```[\s\S]*?```/g, "");
  const links = [...text.matchAll(/\]\((?!https?:|#|mailto:)([^)#\s]+)[^)]*\)/g)].flatMap(([, link]) => link ?? []);
  const spans = [...text.matchAll(/`((?:services|web|docs)\/[\w./-]+)`/g)].flatMap(([, path]) => path ?? []);
  return [...links, ...spans];
}

test("nothing is switched off or left for later", () => {
  const words = new RegExp(
    ["\\bTO" + "DO", "FIX" + "ME", "test\\.(sk" + "ip|to" + "do)", "it\\.sk" + "ip", "describe\\.sk" + "ip"].join("|"),
  );
  expect(code.filter((file) => words.test(read(file)))).toEqual([]);
});
