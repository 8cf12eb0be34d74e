import { describe, expect, test } from "bun:test";
import { at, dates, first, series } from "../testing/series.ts";

describe("wall-clock times across clock changes", () => {
  test.each([
    [
      "09:00 stays 09:00 in spring",
      "FREQ=DAILY",
      "2026-03-28T08:00:00Z",
      "Europe/Berlin",
      ["2026-03-29T07:00:00Z", "2026-03-30T07:00:00Z"],
    ],
    [
      "09:00 stays 09:00 in autumn",
      "FREQ=DAILY",
      "2026-10-24T07:00:00Z",
      "Europe/Berlin",
      ["2026-10-25T08:00:00Z", "2026-10-26T08:00:00Z"],
    ],
    [
      "02:30 in the gap moves forward by the gap and comes back",
      "FREQ=DAILY",
      "2026-03-28T01:30:00Z",
      "Europe/Berlin",
      ["2026-03-29T01:30:00Z", "2026-03-30T00:30:00Z"],
    ],
    [
      "02:30 that happens twice is the first, once",
      "FREQ=DAILY",
      "2026-10-24T00:30:00Z",
      "Europe/Berlin",
      ["2026-10-25T00:30:00Z", "2026-10-26T01:30:00Z"],
    ],
    [
      "half an hour of gap moves by half an hour",
      "FREQ=DAILY",
      "2026-10-02T15:40:00Z",
      "Australia/Lord_Howe",
      ["2026-10-03T15:40:00Z", "2026-10-04T15:10:00Z"],
    ],
    [
      "half an hour of overlap is the first",
      "FREQ=DAILY",
      "2026-04-03T14:45:00Z",
      "Australia/Lord_Howe",
      ["2026-04-04T14:45:00Z", "2026-04-05T15:15:00Z"],
    ],
    [
      "a gap before midnight ends on the next day",
      "FREQ=WEEKLY",
      "2024-03-24T01:30:00Z",
      "America/Nuuk",
      ["2024-03-31T01:30:00Z", "2024-04-07T00:30:00Z"],
    ],
    [
      "a zone that skipped a day has one date for two",
      "FREQ=DAILY",
      "2011-12-29T19:00:00Z",
      "Pacific/Apia",
      ["2011-12-30T19:00:00Z", "2011-12-31T19:00:00Z"],
    ],
    [
      "the southern spring",
      "FREQ=DAILY",
      "2026-09-25T14:15:00Z",
      "Pacific/Auckland",
      ["2026-09-26T14:15:00Z", "2026-09-27T13:15:00Z"],
    ],
  ])("%s", (_, pattern, start, zone, expected) => expect(first(series(pattern, start, zone), 2)).toEqual(expected));

  test("a start in the second pass of a repeated hour continues with the first pass of the next", () => {
    const yearly = series("FREQ=DAILY;INTERVAL=364", "2026-10-25T01:30:00Z", "Europe/Berlin");
    expect(first(yearly, 1)).toEqual(["2027-10-24T00:30:00Z"]);
  });

  test("an all-day series falls on the first instant of each day, also without midnight", () => {
    const daily = series("FREQ=DAILY", "2018-11-03T03:00:00Z", "America/Sao_Paulo", { allDay: true });
    expect(first(daily, 3)).toEqual(["2018-11-04T03:00:00Z", "2018-11-05T02:00:00Z", "2018-11-06T02:00:00Z"]);
    const fromTheGap = series("FREQ=DAILY", "2018-11-04T03:00:00Z", "America/Sao_Paulo", { allDay: true });
    expect(first(fromTheGap, 1)).toEqual(["2018-11-05T02:00:00Z"]);
  });
});

describe("month ends", () => {
  test.each([
    [
      "monthly from the 31st is that day or the last",
      "monthly",
      "2026-01-31",
      ["2026-02-28", "2026-03-31", "2026-04-30", "2026-05-31"],
    ],
    ["monthly from the 30th", "monthly", "2026-01-30", ["2026-02-28", "2026-03-30", "2026-04-30", "2026-05-30"]],
    [
      "monthly from the 29th, leap year",
      "monthly",
      "2028-01-29",
      ["2028-02-29", "2028-03-29", "2028-04-29", "2028-05-29"],
    ],
    [
      "monthly from the 28th is the 28th",
      "monthly",
      "2026-01-28",
      ["2026-02-28", "2026-03-28", "2026-04-28", "2026-05-28"],
    ],
    ["yearly from 29 February", "yearly", "2024-02-29", ["2025-02-28", "2026-02-28", "2027-02-28", "2028-02-29"]],
    ["yearly from 28 February", "yearly", "2024-02-28", ["2025-02-28", "2026-02-28", "2027-02-28", "2028-02-28"]],
    [
      "FREQ=MONTHLY on the 31st skips",
      "FREQ=MONTHLY",
      "2026-01-31",
      ["2026-03-31", "2026-05-31", "2026-07-31", "2026-08-31"],
    ],
    [
      "FREQ=YEARLY on 29 February skips, 2100 too",
      "FREQ=YEARLY",
      "2092-02-29",
      ["2096-02-29", "2104-02-29", "2108-02-29", "2112-02-29"],
    ],
    [
      "the last day",
      "FREQ=MONTHLY;BYMONTHDAY=-1",
      "2026-01-31",
      ["2026-02-28", "2026-03-31", "2026-04-30", "2026-05-31"],
    ],
    [
      "the last weekday",
      "FREQ=MONTHLY;BYDAY=MO,TU,WE,TH,FR;BYSETPOS=-1",
      "2026-01-30",
      ["2026-02-27", "2026-03-31", "2026-04-30", "2026-05-29"],
    ],
    [
      "the last Friday",
      "FREQ=MONTHLY;BYDAY=-1FR",
      "2026-01-30",
      ["2026-02-27", "2026-03-27", "2026-04-24", "2026-05-29"],
    ],
    [
      "Friday the 13th",
      "FREQ=MONTHLY;BYDAY=FR;BYMONTHDAY=13",
      "2026-02-13",
      ["2026-03-13", "2026-11-13", "2027-08-13", "2028-10-13"],
    ],
    [
      "two positions that meet in one day make one date",
      "FREQ=MONTHLY;BYMONTHDAY=4;BYSETPOS=1,-1",
      "2026-01-04",
      ["2026-02-04", "2026-03-04", "2026-04-04", "2026-05-04"],
    ],
    [
      "a position beyond the set makes none",
      "FREQ=MONTHLY;BYMONTHDAY=29,30,31;BYSETPOS=-3",
      "2026-01-29",
      ["2026-03-29", "2026-05-29", "2026-07-29", "2026-08-29"],
    ],
    [
      "the first of a week that begins before the series",
      "FREQ=WEEKLY;BYDAY=MO,WE,FR;BYSETPOS=1",
      "2026-01-01",
      ["2026-01-02", "2026-01-05", "2026-01-12", "2026-01-19"],
    ],
    [
      "every second week with weeks from Sunday",
      "FREQ=WEEKLY;INTERVAL=2;BYDAY=TU,SU;WKST=SU",
      "1997-08-05",
      ["1997-08-17", "1997-08-19", "1997-08-31", "1997-09-02"],
    ],
    [
      "every second week with weeks from Monday",
      "FREQ=WEEKLY;INTERVAL=2;BYDAY=TU,SU;WKST=MO",
      "1997-08-05",
      ["1997-08-10", "1997-08-19", "1997-08-24", "1997-09-02"],
    ],
    [
      "the day after the first Monday of November, each fourth year",
      "FREQ=YEARLY;INTERVAL=4;BYMONTH=11;BYDAY=TU;BYMONTHDAY=2,3,4,5,6,7,8",
      "1996-11-05",
      ["2000-11-07", "2004-11-02", "2008-11-04", "2012-11-06"],
    ],
    [
      "Monday of week 20",
      "FREQ=YEARLY;BYWEEKNO=20;BYDAY=MO",
      "1997-05-12",
      ["1998-05-11", "1999-05-17", "2000-05-15", "2001-05-14"],
    ],
  ])("%s", (_, pattern, start, expected) => {
    expect(first(series(pattern, `${start}T09:00:00Z`), 4)).toEqual(expected.map((day) => `${day}T09:00:00Z`));
  });
});

describe("the end of a series", () => {
  test("COUNT counts the first date when the rule produces it", () => {
    expect(first(series("FREQ=DAILY;COUNT=3", "2026-01-01T09:00:00Z"), 9)).toHaveLength(2);
    expect(first(series("FREQ=DAILY;COUNT=1", "2026-01-01T09:00:00Z"), 9)).toEqual([]);
  });

  test("a first date the rule would not produce is an extra one that COUNT does not count", () => {
    const mondays = series("FREQ=WEEKLY;BYDAY=MO;COUNT=2", "2026-01-01T09:00:00Z");
    expect(first(mondays, 9)).toEqual(["2026-01-05T09:00:00Z", "2026-01-12T09:00:00Z"]);
  });

  test("COUNT is counted from the start, however late the dates are asked for", () => {
    const ten = series("FREQ=DAILY;COUNT=10", "2026-01-01T09:00:00Z");
    expect(dates(ten, at("2026-01-09T10:00:00Z"), 9)).toEqual(["2026-01-10T09:00:00Z"]);
    expect(dates(ten, at("2026-01-10T09:00:00Z"), 9)).toEqual([]);
  });

  test("UNTIL in UTC includes its instant and nothing after", () => {
    expect(first(series("FREQ=DAILY;UNTIL=20260103T090000Z", "2026-01-01T09:00:00Z"), 9)).toHaveLength(2);
    expect(first(series("FREQ=DAILY;UNTIL=20260103T085959Z", "2026-01-01T09:00:00Z"), 9)).toHaveLength(1);
  });

  test("UNTIL as a date includes that whole day in the zone", () => {
    const late = series("FREQ=DAILY;UNTIL=20260103", "2026-01-02T04:30:00Z", "America/New_York");
    expect(first(late, 9)).toEqual(["2026-01-03T04:30:00Z", "2026-01-04T04:30:00Z"]);
    const early = series("FREQ=DAILY;UNTIL=20260103", "2026-01-01T11:00:00Z", "Pacific/Auckland");
    expect(first(early, 9)).toEqual(["2026-01-02T11:00:00Z"]);
  });

  test("UNTIL as a date keeps a time of that day that a gap moves past midnight, and not the next day's", () => {
    expect(first(series("FREQ=DAILY;UNTIL=20240330", "2024-03-29T01:30:00Z", "America/Nuuk"), 9)).toEqual([
      "2024-03-30T01:30:00Z",
      "2024-03-31T01:30:00Z",
    ]);
    expect(first(series("FREQ=DAILY;UNTIL=20240330", "2024-03-29T02:30:00Z", "America/Nuuk"), 9)).toEqual([
      "2024-03-30T02:30:00Z",
    ]);
  });

  test("nothing comes after the series' end, its instant included", () => {
    const ending = (endsAt: string) => series("FREQ=DAILY", "2026-01-01T09:00:00Z", "UTC", { endsAt: at(endsAt) });
    expect(first(ending("2026-01-03T09:00:00Z"), 9)).toHaveLength(2);
    expect(first(ending("2026-01-03T08:59:59.999Z"), 9)).toHaveLength(1);
  });

  test.each([
    ["UTC", "2199-12-20T20:00:00Z", "2199-12-31T20:00:00Z"],
    ["Pacific/Kiritimati", "2199-12-20T20:00:00Z", "2199-12-30T20:00:00Z"],
    ["America/New_York", "2199-12-21T01:00:00Z", "2199-12-31T01:00:00Z"],
  ])("nothing comes after 2199 in %s, neither by its calendar nor in UTC", (zone, start, last) => {
    expect(first(series("FREQ=DAILY", start, zone), 50).at(-1)).toBe(last);
  });

  test("a skipped date is omitted and still counted", () => {
    const skipped = [at("2026-01-02T09:00:00Z"), at("2026-01-03T09:00:00Z")];
    const four = series("FREQ=DAILY;COUNT=4", "2026-01-01T09:00:00Z", "UTC", { skipped });
    expect(first(four, 9)).toEqual(["2026-01-04T09:00:00Z"]);
  });

  test("many skipped dates do not hide the next one", () => {
    const skipped = Array.from({ length: 400 }, (_, index) => new Date(Date.UTC(2026, 0, 2 + index, 9)));
    const daily = series("FREQ=DAILY", "2026-01-01T09:00:00Z", "UTC", { skipped });
    expect(first(daily, 1)).toEqual(["2027-02-06T09:00:00Z"]);
  });
});
