import { expect, test } from "bun:test";
import fc from "fast-check";
import { headersOf, headerValue } from "./header-value.ts";

test("text that can be a header's value stays as it is", () => {
  fc.assert(
    fc.property(fc.stringMatching(/^[\x20-\x7e]*$/), (text) => {
      expect(headerValue(text)).toBe(text);
    }),
  );
});

test("any text makes one header value, without ending the header or starting another", () => {
  fc.assert(
    fc.property(fc.string({ unit: "binary" }), (text) => {
      const headers = headersOf({ location: `/all?search=${text}x` }, [`a=${text}; Path=/`]);
      expect([...headers.keys()].sort()).toEqual(["location", "set-cookie"]);
      expect(headers.get("location")).toMatch(/^[\x20-\x7e]*$/);
      expect(headers.getSetCookie()).toHaveLength(1);
    }),
  );
});

test.each([
  ["/all?search=日本", "/all?search=%E6%97%A5%E6%9C%AC"],
  ["/a\r\nset-cookie: x=y", "/a%0D%0Aset-cookie: x=y"],
  ["/\u0000\u007f", "/%00%7F"],
  ["/é", "/%C3%A9"],
  ["/\ud800", "/%EF%BF%BD"],
  ["/🔔", "/%F0%9F%94%94"],
])("%j becomes %j", (text, value) => {
  expect(headerValue(text)).toBe(value);
});
