import { expect, test } from "bun:test";
import { randomBytes } from "node:crypto";
import { unzipped } from "../../testing/unzip.ts";
import { zipParts } from "./zip.ts";

const at = new Date("2026-12-01T08:30:10Z");

async function* of(...parts: string[]): AsyncGenerator<string> {
  yield* parts;
}

async function bytesOf(parts: AsyncIterable<Uint8Array>): Promise<Buffer> {
  return Buffer.concat(await Array.fromAsync(parts));
}

test("every file comes out as it went in: empty ones, names beyond ASCII, and more than is packed at once", async () => {
  const large = Array.from({ length: 40 }, () => randomBytes(48_000).toString("base64"));
  const files = [
    { name: "empty.txt", parts: of() },
    { name: "Aufgäben 日本.json", parts: of("é", "", "\u{1f600}") },
    { name: "large.txt", parts: of(...large) },
  ];
  const bytes = await bytesOf(zipParts(files, at));
  expect(unzipped(bytes)).toEqual({ "empty.txt": "", "Aufgäben 日本.json": "é\u{1f600}", "large.txt": large.join("") });
});

test("text is packed", async () => {
  const bytes = await bytesOf(zipParts([{ name: "a", parts: of("the same again, ".repeat(10_000)) }], at));
  expect(bytes.length).toBeLessThan(2_000);
});

test("a reader that takes little has little made, and its end is the end of what makes it", async () => {
  let made = 0;
  let isOver = false;
  async function* endless() {
    try {
      for (;;) {
        made++;
        yield randomBytes(48_000).toString("base64");
      }
    } finally {
      isOver = true;
    }
  }
  const parts = zipParts([{ name: "endless", parts: endless() }], at);
  for (let taken = 0; taken < 4; taken++) await parts.next();
  await parts.return(undefined);
  expect(made).toBeLessThan(8);
  expect(isOver).toBe(true);
});

test("what fails in a file breaks the whole off; what fails at its beginning does so before its first byte", async () => {
  async function* broken(parts: number) {
    for (let part = 0; part < parts; part++) yield randomBytes(300_000).toString("base64");
    throw new Error("away");
  }
  const early = zipParts([{ name: "a", parts: broken(0) }], at);
  await expect(early.next()).rejects.toThrow("away");
  await expect(bytesOf(zipParts([{ name: "a", parts: broken(3) }], at))).rejects.toThrow("away");
});
