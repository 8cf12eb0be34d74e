import { expect, test } from "bun:test";
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";

const root = join(import.meta.dir, "../../..");
const read = (file: string): string => readFileSync(join(root, file), "utf8");

test("docs/runbook.md leads to the page of every alert", () => {
  const page = read("docs/runbook.md");
  const pages = readdirSync(join(root, "observability/runbooks")).filter((name) => name !== "README.md");
  expect(pages.length).toBeGreaterThan(30);
  expect(pages.filter((name) => !page.includes(`../observability/runbooks/${name}`))).toEqual([]);
});

test("commands of ops that the pages name are commands of ops", () => {
  const usage = read("services/ops/src/arguments.ts");
  const named = ["docs/runbook.md", "docs/backup-and-restore.md", "docs/operations.md"].flatMap((file) => [
    ...read(file).matchAll(/(?:bun run ops|`ops|main\.js) ([a-z]+(?: [a-z]+)?)/g),
  ]);
  const known = [...usage.matchAll(/^ {2}([a-z]+(?: [a-z]+)?)/gm)].map(([, name = ""]) => name);
  const strange = named
    .map(([, name = ""]) => name)
    .filter((name) => !known.some((one) => name === one || name.startsWith(`${one} `) || one.startsWith(`${name} `)));
  expect([...new Set(strange)]).toEqual([]);
  expect(named.length).toBeGreaterThan(15);
});
