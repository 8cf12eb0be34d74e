import { expect, test } from "bun:test";
import * as fc from "fast-check";
import { repeatedName } from "./repeated-name.ts";

test.each([
  ['{"a":1,"a":2}', "a"],
  ['{"a":1,"\\u0061":2}', "a"],
  ['{"a" \n\t: {}, "b":{"c":1,"c" :1}}', "c"],
  ['[{"x":[],"x":[]}]', "x"],
  ['{"__proto__":1,"__proto__":2}', "__proto__"],
  ['{"":1,"":2}', ""],
  ['{"a":"\\"a\\":","b":"a"}', null],
  ['[{"a":1},{"a":1}]', null],
  ['{"a":{"a":{"a":["a","a","a:"]}}}', null],
  ['"a"', null],
  [`${"[".repeat(50_000)}${"]".repeat(50_000)}`, null],
])("of %p the name that comes twice is %p", (json, name) => {
  expect(repeatedName(json)).toBe(name);
});

test("no JSON that a serializer writes has a name twice, and its first object with one more does", () => {
  fc.assert(
    fc.property(
      fc.dictionary(fc.string(), fc.jsonValue(), { minKeys: 1 }),
      fc.integer({ min: 0, max: 3 }),
      (value, indent) => {
        const json = JSON.stringify(value, null, indent);
        expect(repeatedName(json)).toBeNull();
        const [name = ""] = Object.keys(value);
        expect(repeatedName(`{${JSON.stringify(name)}: 0, ${json.slice(1)}`)).toBe(name);
      },
    ),
  );
});
