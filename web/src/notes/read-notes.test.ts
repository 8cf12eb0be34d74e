import { expect, test } from "bun:test";
import { type Block, type Inline, readInlines, readNotes, turnTick, wordsOfTick } from "./read-notes.ts";

const words = (inlines: readonly Inline[]) => inlines.map(({ text }) => text).join("");

test("lines, lists, numbers and ticks are read; anything else is lines", () => {
  const blocks = readNotes("Buy:\n- milk\n* [ ] bread\n- [x] eggs\n\n3. third\n4) fourth\nand then\n#not a heading");
  expect(blocks.map(({ kind }) => kind)).toEqual(["lines", "bullets", "numbers", "lines"]);
  const [, list, numbers] = blocks as Extract<Block, { items: unknown }>[];
  expect(list?.items.map(({ line, done }) => [line, done])).toEqual([
    [1, null],
    [2, false],
    [3, true],
  ]);
  expect(numbers).toMatchObject({ kind: "numbers", from: 3 });
});

test("addresses of the web are links, without the sentence's own marks; no other scheme is one", () => {
  const link = (text: string) => readInlines(text).find(({ kind }) => kind === "link");
  expect(link("see https://example.com/a?b=c.")).toEqual({
    kind: "link",
    text: "https://example.com/a?b=c",
    href: "https://example.com/a?b=c",
  });
  expect(link("[the plan](https://example.com/plan)")).toMatchObject({ text: "the plan" });
  expect(link("https://en.wikipedia.org/wiki/Bell_(instrument)")?.text).toEndWith("_(instrument)");
  for (const text of [
    "javascript:alert(1)",
    "[x](javascript:alert(1))",
    "[x](data:text/html,y)",
    "https://",
    "[bank](https://bank.example@evil.example/)",
    "ftp://example.com",
    '[x](https://a" onclick="b)',
  ])
    expect({ text, link: link(text)?.text.includes("onclick") || link(text)?.text === "x" }).toEqual({
      text,
      link: false,
    });
});

test("whatever is written, its words stay as they are, and each link is one of the web", () => {
  const parts = ["[", "](", ")", "http://a.b", "https://", "<", '"', "&amp;", " ", "x"];
  const texts = (length: number): string[] =>
    length === 0 ? [""] : texts(length - 1).flatMap((text) => parts.map((part) => text + part));
  for (const text of texts(4)) {
    const inlines = readInlines(text);
    for (const part of inlines) if (part.kind === "link") expect(new URL(part.href).protocol).toMatch(/^https?:$/);
    if (!text.includes("](http")) expect(words(inlines)).toBe(text);
  }
});

test("a tick turns at its line, and only while that line says the same", () => {
  const text = "Buy:\r\n- [ ] bread\r\n- [X] eggs";
  expect(wordsOfTick(text, 1)).toBe("bread");
  expect(turnTick(text, 1, "bread")).toBe("Buy:\r\n- [x] bread\r\n- [X] eggs");
  expect(turnTick(text, 2, "eggs")).toBe("Buy:\r\n- [ ] bread\r\n- [ ] eggs");
  for (const [line, of] of [
    [1, "eggs"],
    [0, "Buy:"],
    [9, "bread"],
    [-1, ""],
    [Number.NaN, ""],
  ] as const)
    expect(turnTick(text, line, of)).toBeNull();
});

test("twenty thousand characters of the worst kind are read at once", () => {
  for (const text of [
    "[".repeat(20_000),
    "[a](https://".repeat(1_600),
    "- [ ] ".repeat(3_000),
    "http://".repeat(2_800),
  ])
    expect(readNotes(text).length).toBeGreaterThan(0);
});
