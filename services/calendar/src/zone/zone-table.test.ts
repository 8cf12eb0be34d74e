import { describe, expect, test } from "bun:test";
import { compareReleases, readZoneTable } from "./zone-table.ts";

const table = (...lines: string[]) => readZoneTable(["# version 2030a", ...lines].join("\n"));

/** Offsets in minutes with the instants they hold from. */
function told(lines: string[], zone = "Here/Town"): string[] {
  const { starts, offsets } = table(...lines).offsetsOf(zone);
  return [...starts].map((at, index) => {
    const from = Number.isFinite(at) ? `${new Date(at).toISOString().slice(0, 16)}Z ` : "";
    return `${from}${(offsets[index] ?? 0) / 60_000}`;
  });
}

const zone = (rest: string): string => `Z Here/Town ${rest}`;

describe("zic's language", () => {
  test("a zone without rules has one offset permanently", () => {
    expect(told([zone("5:45 - +0545")])).toEqual(["345"]);
  });

  test("lines follow each other; each ends by the clock in force before it", () => {
    expect(told([zone("1 - A 2026 Mar 3 2"), "2 1 B 2027 Ja 1 0u", "-3:30 - C"])).toEqual([
      "60",
      "2026-03-03T01:00Z 180",
      "2027-01-01T00:00Z -210",
    ]);
  });

  test("rules count from the wall clock, from standard time or from UTC", () => {
    const rules = ["R x 2026 o - Mar lastSu 2 1 S", "R x 2026 o - Jul Su>=8 2s 0 -", "R x 2026 o - O Sa<=7 1u 1 S"];
    expect(told([...rules, zone("1 x C%sT")])).toEqual([
      "60",
      "2026-03-29T01:00Z 120",
      "2026-07-12T01:00Z 60",
      "2026-10-03T01:00Z 120",
    ]);
  });

  test("winter may be what saves (Ireland), and a time may be before or beyond the day", () => {
    const rules = ["R x 2026 o - O lastSu 24 -1 -", "R x 2027 o - Mar lastSu -1 0 -"];
    expect(told([...rules, zone("1 x IST/GMT")])).toEqual(["60", "2026-10-25T23:00Z 0", "2027-03-27T23:00Z 60"]);
  });

  test("a rule without end goes on until the product's last year", () => {
    const rules = ["R x 2026 ma - Mar lastSu 1u 1 S", "R x 2026 ma - O lastSu 1u 0 -"];
    expect(told([...rules, zone("1 x CE%sT")]).at(-1)).toBe("2200-10-26T01:00Z 60");
  });

  test("a link is another name of a zone", () => {
    expect(told([zone("2 - X"), "L Here/Town Old/Name"], "Old/Name")).toEqual(["120"]);
  });
});

test.each([
  ["no release", "Z A/B 0 - X", /first line/],
  ["half a line", "# version 2030a\nZ A/B", /Line 2/],
  ["a month that is none", "# version 2030a\nR x 2026 o - Foo 1 0 0 -", /Line 2/],
  ["a time that is none", "# version 2030a\nZ A/B later - X", /Line 2/],
  ["rules that are missing", "# version 2030a\nZ A/B 0 gone X", /gone/],
  ["a link to nothing", "# version 2030a\nL A/B C/D", /C\/D/],
  ["a page of the web", "<!doctype html><title>404</title>", /first line/],
  ["nothing", "", /first line/],
])("%s is refused with the reason", (_, text, reason) => expect(() => readZoneTable(text)).toThrow(reason));

test("a zone that is not there is an error, whatever its name", () => {
  for (const name of ["Here/Other", "", "__proto__", "constructor"]) {
    expect(table(zone("1 - X")).has(name)).toBe(false);
    expect(() => table(zone("1 - X")).offsetsOf(name)).toThrow(RangeError);
  }
});

test("releases are in the order they came out", () => {
  const order = ["2025c", "2026a", "2026f", "2026z", "2026za", "2027a"];
  expect([...order].reverse().sort(compareReleases)).toEqual(order);
  expect(compareReleases("2026f", "2026f")).toBe(0);
});
