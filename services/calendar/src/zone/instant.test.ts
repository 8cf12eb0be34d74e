import { describe, expect, test } from "bun:test";
import fc from "fast-check";
import { parseInstant } from "./instant.ts";

describe("parseInstant takes RFC 3339 date-times", () => {
  test.each([
    ["2026-01-31T09:00:00Z", "2026-01-31T09:00:00.000Z"],
    ["2026-01-31T09:00:00.5+02:00", "2026-01-31T07:00:00.500Z"],
    ["2026-01-31t09:00:00z", "2026-01-31T09:00:00.000Z"],
    ["2026-01-31T09:00:00.123456789Z", "2026-01-31T09:00:00.123Z"],
    ["2024-02-29T23:59:59-23:59", "2024-03-01T23:58:59.000Z"],
    ["2026-01-31T09:00:00-00:00", "2026-01-31T09:00:00.000Z"],
    ["1970-01-01T00:00:00Z", "1970-01-01T00:00:00.000Z"],
    ["2199-12-31T23:59:59.999Z", "2199-12-31T23:59:59.999Z"],
    ["1969-12-31T23:00:00-01:00", "1970-01-01T00:00:00.000Z"],
  ])("%s", (text, iso) => expect(parseInstant(text)?.toISOString()).toBe(iso));
});

describe("parseInstant rejects", () => {
  test.each([
    ["a bare date", "2026-01-31"],
    ["a time without offset", "2026-01-31T09:00:00"],
    ["a time without seconds", "2026-01-31T09:00Z"],
    ["a space for the T", "2026-01-31 09:00:00Z"],
    ["an offset without colon", "2026-01-31T09:00:00+0200"],
    ["an offset of 24 hours", "2026-01-31T09:00:00+24:00"],
    ["24:00", "2026-01-31T24:00:00Z"],
    ["a leap second", "2016-12-31T23:59:60Z"],
    ["29 February of a common year", "2025-02-29T09:00:00Z"],
    ["29 February 2100", "2100-02-29T09:00:00Z"],
    ["31 April", "2026-04-31T09:00:00Z"],
    ["month 0", "2026-00-10T09:00:00Z"],
    ["month 13", "2026-13-10T09:00:00Z"],
    ["day 0", "2026-01-00T09:00:00Z"],
    ["1969", "1969-12-31T23:59:59.999Z"],
    ["2200", "2200-01-01T00:00:00Z"],
    ["2199 that is 2200 in UTC", "2199-12-31T23:00:00-05:00"],
    ["the year 26", "0026-01-31T09:00:00Z"],
    ["a signed year", "+002026-01-31T09:00:00Z"],
    ["a decimal comma", "2026-01-31T09:00:00,5Z"],
    ["ten decimals", "2026-01-31T09:00:00.1234567890Z"],
    ["a line break behind it", "2026-01-31T09:00:00Z\n"],
    ["digits of another script", "２０２６-01-31T09:00:00Z"],
    ["a number of seconds", "1769850000"],
    ["nothing", ""],
  ])("%s", (_, text) => expect(parseInstant(text)).toBeNull());
});

test("every instant in an answer can be sent again", () => {
  const instants = fc.date({ min: new Date(0), max: new Date("2199-12-31T23:59:59.999Z"), noInvalidDate: true });
  fc.assert(fc.property(instants, (date) => expect(parseInstant(date.toISOString())).toEqual(date)));
});

test("no text throws", () => {
  fc.assert(fc.property(fc.string({ unit: "binary", maxLength: 60 }), (text) => void parseInstant(text)));
});
