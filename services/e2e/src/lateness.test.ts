import { describe, expect, test } from "bun:test";
import { untimely } from "./lateness.ts";

const mail = (atMs: number) => [{ name: "rem", atMs, messageId: "", to: "" }];
const due = [{ name: "rem", at: 100_000 }];
const why = (found: object[]) => found.map((one) => ("why" in one ? one.why : ""));

describe("a reminder", () => {
  test("is in time up to 30 s after its instant", () => {
    expect(untimely(due, mail(100_000), [])).toEqual([]);
    expect(untimely(due, mail(130_000), [])).toEqual([]);
    expect(why(untimely(due, mail(130_001), []))).toEqual(["30001 ms late"]);
  });

  test("is never early, and never missing", () => {
    expect(why(untimely(due, mail(99_999), []))).toEqual(["1 ms early"]);
    expect(why(untimely(due, [], []))).toEqual(["no mail"]);
  });

  test("has until 30 s after the end of a fault that was there when it was due", () => {
    const outages = [{ what: "broker", from: 95_000, healed: 110_000 }];
    expect(untimely(due, mail(140_000), outages)).toEqual([]);
    expect(why(untimely(due, mail(140_001), outages))).toEqual(["40001 ms late"]);
  });

  test("gets no time for a fault that was over, or began when it should have rung", () => {
    const outages = [
      { what: "broker", from: 80_000, healed: 99_000 },
      { what: "api", from: 131_000, healed: 140_000 },
    ];
    expect(why(untimely(due, mail(135_000), outages))).toEqual(["35000 ms late"]);
  });
});
