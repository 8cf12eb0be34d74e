/**
 * The text of `tzdata.zi`: the IANA time zone database as one file, in the language of its compiler
 * zic ("zic input", zic(8)). Only what that file contains is read; a keyword may be abbreviated, as
 * there.
 */

/** What a line's AT or UNTIL counts from: the wall clock, standard time, or UTC. */
export type ClockKind = "wall" | "standard" | "utc";

/**
 * A day of a month: a number, or the last, or the first such weekday from (`>=`), or the last up to
 * (`<=`) a number.
 */
export type DayOfMonth = { weekday: number | null; relation: "on" | "last" | "from" | "upTo"; day: number };

export type Moment = { month: number; on: DayOfMonth; timeMs: number; clock: ClockKind };

/** When daylight-saving time, or another one, begins: every year from one to the other. */
export type RuleLine = { from: number; to: number; at: Moment; saveMs: number };

/** A period of a zone; `until` is null for the current one. */
export type ZoneLine = {
  standardMs: number;
  rules: string | null;
  saveMs: number;
  until: ({ year: number } & Moment) | null;
};

export type TzSource = {
  /** Such as `2026f`. */
  release: string;
  rules: Map<string, RuleLine[]>;
  zones: Map<string, ZoneLine[]>;
  /** Another name of a zone → the zone's own. */
  links: Map<string, string>;
};

/** @throws Error naming the first malformed line. */
export function readTzSource(text: string): TzSource {
  const release = /^# version ([0-9]{4}[a-z]{1,2})\b/.exec(text)?.[1];
  if (release === undefined) throw new Error('The first line must be "# version" and a release such as 2026f.');
  const source: TzSource = { release, rules: new Map(), zones: new Map(), links: new Map() };
  let zone: ZoneLine[] = [];
  for (const [index, line] of text.split("\n").entries()) {
    const fields = line.split("#", 1)[0]?.trim().split(/\s+/) ?? [];
    if (fields[0] === "" || fields[0] === undefined) continue;
    try {
      zone = readLine(source, zone, fields);
    } catch (error) {
      throw new Error(`Line ${index + 1} is not a line of tzdata.zi: ${line.slice(0, 80)}`, { cause: error });
    }
  }
  return source;
}

/** Adds a line to the source; returns the zone that continuation lines belong to. */
function readLine(source: TzSource, zone: ZoneLine[], fields: string[]): ZoneLine[] {
  const [keyword, first = "", second = "", ...rest] = fields;
  if (keyword === "R") {
    const lines = source.rules.get(first) ?? [];
    lines.push(readRule(second, rest));
    source.rules.set(first, lines);
  } else if (keyword === "L") source.links.set(second, first);
  else if (keyword === "Z") {
    const opened = [readZoneLine([second, ...rest])];
    source.zones.set(first, opened);
    return opened;
  } else zone.push(readZoneLine(fields));
  return zone;
}

/** `R NAME FROM TO - IN ON AT SAVE LETTER`, from TO on. */
function readRule(from: string, [to = "", , month = "", on = "", at = "", save = ""]: string[]): RuleLine {
  const first = number(from);
  const last = to.startsWith("o") ? first : to.startsWith("ma") ? Number.POSITIVE_INFINITY : number(to);
  return { from: first, to: last, at: moment(month, on, at), saveMs: time(save.replace(/[sd]$/, "")) };
}

/** `STDOFF RULES FORMAT [YEAR [MONTH [DAY [TIME]]]]`: RULES names a set of rules, is an amount that is saved, or `-`. */
function readZoneLine([standard = "", rules = "", , year, month = "Jan", day = "1", at = "0"]: string[]): ZoneLine {
  const isAmount = /^-?[0-9]/.test(rules);
  return {
    standardMs: time(standard),
    rules: isAmount || rules === "-" ? null : rules,
    saveMs: isAmount ? time(rules) : 0,
    until: year === undefined ? null : { year: number(year), ...moment(month, day, at) },
  };
}

const months = "January February March April May June July August September October November December".split(" ");
const weekdays = "Monday Tuesday Wednesday Thursday Friday Saturday Sunday".split(" ");
const clocks: Record<string, ClockKind> = { w: "wall", s: "standard", u: "utc", g: "utc", z: "utc" };

function moment(month: string, on: string, at: string): Moment {
  const clock = clocks[at.at(-1) ?? ""];
  return {
    month: indexOf(months, month) + 1,
    on: dayOfMonth(on),
    timeMs: time(clock === undefined ? at : at.slice(0, -1)),
    clock: clock ?? "wall",
  };
}

/** `8`, `lastSu`, `Su>=8` or `Su<=25`. */
function dayOfMonth(text: string): DayOfMonth {
  if (text.startsWith("last")) return { weekday: indexOf(weekdays, text.slice(4)), relation: "last", day: 0 };
  const match = /^([A-Za-z]+)([<>])=([0-9]+)$/.exec(text);
  if (match === null) return { weekday: null, relation: "on", day: number(text) };
  const [, weekday = "", sign, day = ""] = match;
  return { weekday: indexOf(weekdays, weekday), relation: sign === ">" ? "from" : "upTo", day: number(day) };
}

function indexOf(names: string[], start: string): number {
  const found = names.findIndex((name) => start !== "" && name.toLowerCase().startsWith(start.toLowerCase()));
  if (found === -1) throw new Error(`no such name: ${start}`);
  return found;
}

/** `2`, `-0:25:21`, `24`, `-` (none), in milliseconds. */
function time(text: string): number {
  if (text === "-") return 0;
  const match = /^(-?)([0-9]{1,3})(?::([0-9]{1,2}))?(?::([0-9]{1,2}))?$/.exec(text);
  if (match === null) throw new Error(`no such time: ${text}`);
  const [, sign, hours, minutes = "0", seconds = "0"] = match;
  const size = ((Number(hours) * 60 + Number(minutes)) * 60 + Number(seconds)) * 1_000;
  return sign === "-" ? 0 - size : size;
}

function number(text: string): number {
  if (!/^[0-9]{1,4}$/.test(text)) throw new Error(`no such number: ${text}`);
  return Number(text);
}
