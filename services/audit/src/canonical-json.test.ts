import { expect, test } from "bun:test";
import fc from "fast-check";
import { canonicalJson, NotCanonical } from "./canonical-json.ts";

test("members are sorted by UTF-16 code units and values written as RFC 8785 §3.2.3 and §3.2.2 show", () => {
  const sorted = canonicalJson({ "\u20ac": 1, "\r": 2, "\ufb33": 3, "1": 4, "\ud83d\ude00": 5, "\u0080": 6, ö: 7 });
  expect(sorted).toBe('{"\\r":2,"1":4,"\u0080":6,"ö":7,"€":1,"😀":5,"\ufb33":3}');
  expect(
    canonicalJson({
      // biome-ignore lint/correctness/noPrecisionLoss: the RFC's own example, whose canonical form is the rounded number.
      numbers: [333333333.33333329, 1e30, 4.5, 2e-3, 0.000000000000000000000000001],
      string: '€$\u000f\nA\'B"\\\\"/',
      literals: [null, true, false],
    }),
  ).toBe(
    '{"literals":[null,true,false],"numbers":[333333333.3333333,1e+30,4.5,0.002,1e-27],"string":"€$\\u000f\\nA\'B\\"\\\\\\\\\\"/"}',
  );
});

test("the text reads back as the value, whatever order its members were written in", () => {
  fc.assert(
    fc.property(fc.jsonValue({ maxDepth: 5, stringUnit: "binary" }), (value) => {
      fc.pre(!JSON.stringify(value).includes("\\u0000"));
      const text = canonicalJson(value);
      expect(JSON.parse(text)).toEqual(JSON.parse(JSON.stringify(value)));
      expect(canonicalJson(reversed(value))).toBe(text);
    }),
    { numRuns: 300 },
  );
});

function reversed(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(reversed);
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(
    Object.entries(value)
      .reverse()
      .map(([name, member]) => [name, reversed(member)]),
  );
}

test("what JSON or the database cannot hold is rejected, not converted", () => {
  let nested: unknown = 1;
  for (let level = 0; level < 10_000; level++) nested = [nested];
  const impossible = [
    undefined,
    Number.NaN,
    Infinity,
    () => 1,
    1n,
    "\ud800",
    "a\0b",
    { "\udfff": 1 },
    { "\0": 1 },
    [undefined],
    nested,
  ];
  for (const value of impossible) expect(() => canonicalJson(value)).toThrow(NotCanonical);
});

test("a member called __proto__ is a member like any other", () => {
  expect(canonicalJson(JSON.parse('{"b":1,"__proto__":{"a":2}}'))).toBe('{"__proto__":{"a":2},"b":1}');
});
