import type { Bound, GroupRow } from "../grammar.ts";
import { atNight, during, exactly, openTime, until } from "../meaning/time.ts";

const sharp = (make: (bound: Bound) => number | null) => (bound: Bound) => {
  const minutes = make(bound);
  return minutes === null || minutes > 1_440 ? null : { time: exactly(minutes) };
};

/** Minutes around an hour, whose half of the day was not said: "halb acht" is before eight. */
const around = (make: (bound: Bound) => number) => (bound: Bound) => {
  const { n } = bound;
  if (n > 12 || n < 1) return null;
  const minutes = ((n % 12) * 60 + make(bound) + 720) % 720;
  return { time: openTime(minutes < 60 ? minutes + 720 : minutes) };
};

const isMinutes = ({ n }: Bound): boolean => Number.isInteger(n) && n > 0 && n < 60;
const isRound = (bound: Bound): boolean => [5, 10, 20, 25].includes(bound.n);

export const timeGroups: Record<string, readonly GroupRow[]> = {
  sharp: [
    ["{clock}", ({ time }) => ({ time })],
    ["{clock} uhr|h", ({ time }) => ({ time })],
    ["{dotClock} uhr|h", ({ time }) => ({ time })],
    ["{hour} uhr", sharp(({ n }) => n * 60)],
    ["ein uhr", sharp(() => 60)],
    ["{hour} uhr {minutes}", sharp(({ n, n2 }) => n * 60 + n2)],
    ["{hour} uhr {n2}", sharp(({ n, n2 }) => (Number.isInteger(n2) && n2 >= 10 && n2 < 60 ? n * 60 + n2 : null))],
    ["{hour} ~h", sharp(({ n }) => n * 60)],
    ["{hour} ~h ~{minutes}", sharp(({ n, n2 }) => n * 60 + n2)],
    ["mitternacht|mitternachts", sharp(() => 1_440)],
    ["{near} uhr?", ({ time }) => ({ time })],
    ["{n} uhr", sharp(({ n }) => (Number.isInteger(n) && n <= 24 ? n * 60 : null))],
  ],
  /** Minutes around an hour. */
  near: [
    ["halb {hour}", around(() => -30)],
    ["viertel nach {hour}", around(() => 15)],
    ["viertel vor {hour}", around(() => -15)],
    ["viertel {hour}", around(() => -45)],
    ["drei viertel {hour}", around(() => -15)],
    ["dreiviertel {hour}", around(() => -15)],
    ["{past} {hour}", around(({ n2 }) => n2)],
    ["{past} halb {hour}", around(({ n2 }) => n2 - 30)],
  ],
  past: [
    ["{n} minuten nach", (bound) => (isMinutes(bound) ? { n2: bound.n } : null)],
    ["{n} minuten vor", (bound) => (isMinutes(bound) ? { n2: -bound.n } : null)],
    ["{n} nach", (bound) => (isRound(bound) ? { n2: bound.n } : null)],
    ["{n} vor", (bound) => (isRound(bound) ? { n2: -bound.n } : null)],
  ],
  point: [
    ["{sharp}", ({ time }) => ({ time })],
    ["{sharp} {partOf}", ({ time, part }) => ({ time: during(time, part) })],
    ["{sharp} nachts|nacht", ({ time }) => ({ time: atNight(time) })],
    ["{hour} {adverb}", ({ time, part }) => ({ time: during(time, part) })],
    ["{sharp} am {part}", ({ time, part }) => ({ time: during(time, part) })],
    ["{sharp} in der nacht", ({ time }) => ({ time: atNight(time) })],
  ],
  /** "abends" beside a time; also "8 Uhr früh". */
  adverb: [
    ["morgens|vormittags", () => ({ part: "morning" })],
    ["mittags", () => ({ part: "noon" })],
    ["nachmittags", () => ({ part: "afternoon" })],
    ["abends", () => ({ part: "evening" })],
  ],
  partOf: [
    ["{adverb}", ({ part }) => ({ part })],
    ["früh", () => ({ part: "morning" })],
  ],
  hourly: [
    ["{point}", ({ time }) => ({ time })],
    ["{hour}", ({ time }) => ({ time })],
    ["{dotClock}", ({ time }) => ({ time })],
  ],
  time: [
    ["{point}", ({ time }) => ({ time })],
    ["{point} -|bis {hourly2}", ({ time, time2 }) => ({ time: until(time, time2) })],
    ["{hour} -|bis {point2}", ({ time, time2 }) => ({ time: until(time, time2) })],
    ["von {hourly} -|bis {hourly2}", ({ time, time2 }) => ({ time: until(time, time2) })],
    ["zwischen {hourly} und {hourly2}", ({ time, time2 }) => ({ time: until(time, time2) })],
    ["um? punkt {hourly}", ({ time }) => ({ time })],
    ["um|gegen|ca|circa|@ .? {hourly}", ({ time }) => ({ time })],
    ["um {hourly} -|bis {hourly2}", ({ time, time2 }) => ({ time: until(time, time2) })],
    ["ab {point}", ({ time }) => ({ time })],
  ],
  elapsed: [
    ["{n} {span}", ({ n, span }) => ({ elapsed: n * span })],
    [
      "{n} {span} und? {n2} {span2}",
      ({ n, span, n2, span2 }) => (span2 < span ? { elapsed: n * span + n2 * span2 } : null),
    ],
    ["{n} ~h ~{minutes} ~m?", ({ n, n2 }) => ({ elapsed: (n * 60 + n2) * 60_000 })],
    ["{n} und eine halbe stunde", ({ n }) => ({ elapsed: (n + 0.5) * 3_600_000 })],
    ["einer|eine|ner halben|halbe stunde", () => ({ elapsed: 1_800_000 })],
    ["einer|eine|ner viertelstunde", () => ({ elapsed: 900_000 })],
    ["einer|eine viertel stunde", () => ({ elapsed: 900_000 })],
    ["einer|eine dreiviertelstunde", () => ({ elapsed: 2_700_000 })],
  ],
};
