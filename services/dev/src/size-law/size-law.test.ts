import { describe, expect, test } from "bun:test";
import { longFunctions } from "./find-long.ts";

const lines = (count: number): string => Array.from({ length: count }, (_, at) => `  work(${at});`).join("\n");
const found = (text: string) => longFunctions("x.ts", text).map(({ name, lines: count }) => `${name} ${count}`);

describe("a function", () => {
  test("of 60 lines passes, of 61 is found", () => {
    expect(found(`function short() {\n${lines(58)}\n}`)).toEqual([]);
    expect(found(`\nfunction long() {\n${lines(59)}\n}`)).toEqual(["long 61"]);
    expect(longFunctions("x.ts", `\nfunction long() {\n${lines(59)}\n}`)[0]?.line).toBe(2);
  });

  test("counts with the functions inside it", () => {
    expect(found(`const outer = () => {\n  const inner = () => {\n${lines(58)}\n  };\n};`)).toEqual(["outer 62"]);
  });
});

describe("tests", () => {
  test("are each a function", () => {
    expect(found(`test("it is long", () => {\n${lines(59)}\n});`)).toEqual(['test("it is long") 61']);
    expect(found(`test.each([1])("it is long", () => {\n${lines(59)}\n});`)).toHaveLength(1);
  });

  test("do not count in what only lists them", () => {
    const one = `test("x", () => {\n${lines(40)}\n});\n`;
    expect(found(`describe("all", () => {\n${one}${one}});`)).toEqual([]);
    expect(found(`function suite() {\n${one}describe("more", () => {\n${one}});\n}`)).toEqual([]);
    expect(found(`function suite() {\n${one}${lines(60)}\n}`)).toEqual(["suite 62"]);
  });
});
