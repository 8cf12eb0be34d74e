import { afterAll, beforeAll, expect, test } from "bun:test";
import { mkdtempSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { findOrphans, type Orphan } from "./find-orphans.ts";

const given = `
declare function work(name?: string): Promise<string>;
declare function other(): Promise<number>;
declare function sure(value?: unknown): string;
declare const list: readonly string[];
declare const gate: { open: boolean };
`;

/** Code that leaves work behind, and part of the message. */
const red: Record<string, [code: string, why: string]> = {
  "the fault that ended the product: an argument of the second call throws": [
    "export async function page() { return Promise.all([work(), work(sure())]); }",
    "left behind if `sure()`",
  ],
  "another await comes first": [
    "export async function f() { const a = work(); const b = await other(); return [await a, b]; }",
    "left behind if `await other()`",
  ],
  "a call that may throw comes first": [
    "export async function f() { const a = work(); sure(); return await a; }",
    "left behind if `sure()`",
  ],
  "a throw comes first": [
    "export async function f() { const a = work(); if (gate.open) throw new Error(); return await a; }",
    "left behind if `new Error()`",
  ],
  "a return comes first": [
    "export async function f() { const a = work(); if (gate.open) return null; return await a; }",
    "left behind if `return null;`",
  ],
  "it is awaited on one way only": [
    "export async function f() { const a = work(); if (gate.open) { await a; } }",
    "is not awaited on every path",
  ],
  "an await beside it in the same list": [
    "export async function f() { return Promise.all([work(), await other()]); }",
    "left behind if `await other()`",
  ],
  "several started, then a wait": [
    "export async function f() { const all = list.map(async (each) => work(each)); await other(); await Promise.all(all); }",
    "left behind if `await other()`",
  ],
  "nothing takes it": ["export async function f() { work(); }", "is awaited by nothing"],
  "a chain without an end": ["export function f() { work().then(sure); }", "is awaited by nothing"],
  "`void` says that nothing will": ["export function f() { void work(); }", "`void` awaits nothing"],
  "only a function that may never be called knows it": [
    "export function f() { const a = work(); return { stop: () => a }; }",
    "left behind if `return",
  ],
  "it goes into a collection": [
    "export async function f() { const all: Promise<string>[] = []; for (const each of list) all.push(work(each)); await Promise.all(all); }",
    "is stored where",
  ],
  "it goes into something that lives longer": [
    "let last: Promise<string>; export function f() { last = work(); } export const read = () => last;",
    "is stored where",
  ],
  "at the top of a program": ["const a = work(); await other(); await a; export {};", "left behind if `await other()`"],
  "a function that promises throws before it does": ["export const f = () => work(sure());", "must be async"],
  "a function that promises throws with a word": [
    "export function f(): Promise<string> { if (gate.open) throw new Error(); return work(); }",
    "must be async",
  ],
};

const green: Record<string, string> = {
  "awaited at once": "export async function f() { const a = await work(); return sure(a); }",
  "two at once, started in one expression":
    "export async function f() { const [a, b] = await Promise.all([work(), other()]); return [a, b]; }",
  "two at once, in two lines that cannot end":
    "export async function f() { const a = work(); const b = other(); return Promise.all([a, b]); }",
  "handed to what called": "export const f = () => work();",
  "handed to a function":
    "declare function within(ms: number, work: Promise<unknown>): Promise<void>; export async function f() { await within(5, work()); }",
  "a failure has its place":
    "export function f() { work().catch(sure); const a = other().then(sure, sure); return { stop: () => a }; }",
  "time passes without failing": "export async function f() { const late = Bun.sleep(5); sure(); await late; }",
  "each way awaits it":
    "export async function f() { const a = work(); if (gate.open) return await a; else await a; return null; }",
  "a loop of waits": "export async function f() { for (const each of list) await work(each); }",
  "an async function rejects, whatever it calls":
    "export const f = async () => work(sure()); export async function g() { return Promise.all([f(), f()]); }",
};

let folder: string;
let orphans: Orphan[];
beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), "promise-law-"));
  symlinkSync(resolve(import.meta.dir, "../../../../node_modules"), join(folder, "node_modules"));
  const compilerOptions = {
    target: "ESNext",
    module: "Preserve",
    moduleDetection: "force",
    strict: true,
    types: ["bun"],
  };
  writeFileSync(join(folder, "tsconfig.json"), JSON.stringify({ compilerOptions, include: ["*.ts"] }));
  const cases = [...Object.values(red).map(([code]) => code), ...Object.values(green)];
  for (const [at, code] of cases.entries()) writeFileSync(join(folder, `case-${at}.ts`), given + code);
  orphans = await findOrphans(join(folder, "tsconfig.json"));
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const complaintsOf = (at: number) =>
  orphans.filter(({ file }) => file.endsWith(`/case-${at}.ts`)).map(({ why }) => why);

for (const [at, [name, [, why]]] of Object.entries(red).entries()) {
  test(`the law finds: ${name}`, () => {
    expect(complaintsOf(at)).toEqual([expect.stringContaining(why)]);
  });
}

for (const [at, name] of Object.keys(green).entries()) {
  test(`the law lets pass: ${name}`, () => {
    expect(complaintsOf(Object.keys(red).length + at)).toEqual([]);
  });
}
