import { type Bound, blank, type GroupRow } from "../grammar.ts";
import { atNight, during, exactly, openTime, until } from "../meaning/time.ts";

const sharp = (make: (bound: Bound) => number | null) => (bound: Bound) => {
  const minutes = make(bound);
  return minutes === null ? null : { time: exactly(minutes) };
};

/** A clock of twelve hours: "12am" is midnight. */
const halved = (half: "am" | "pm") =>
  sharp(({ n, n2 }) => {
    // "17:30 pm" says the same twice; "13pm" is no time.
    if (n > 12) return half === "pm" && n < 24 && n2 > 0 ? n * 60 + n2 : null;
    return n < 1 ? null : ((n % 12) + (half === "pm" ? 12 : 0)) * 60 + n2;
  });

/** Minutes around an hour, whose half of the day was not said. */
const around = (make: (bound: Bound) => number) => (bound: Bound) => {
  const { n } = bound;
  if (n > 12 || n < 1) return null;
  const minutes = ((n % 12) * 60 + make(bound) + 720) % 720 || 720;
  return { time: openTime(minutes < 60 ? minutes + 720 : minutes) };
};

/** "half past six pm". */
const inHalf =
  (from: number) =>
  ({ time }: Bound) => ({ time: exactly(((time.minutes ?? 0) % 720) + from) });

const isMinutes = ({ n }: Bound): boolean => Number.isInteger(n) && n > 0 && n < 60;

export const timeGroups: Record<string, readonly GroupRow[]> = {
  am: [
    ["am", () => ({})],
    ["a . ~m ~.?", () => ({})],
  ],
  pm: [
    ["pm", () => ({})],
    ["p . ~m ~.?", () => ({})],
  ],
  /** A time that nothing has to prove to be one. */
  sharp: [
    ["{clock}", ({ time }) => ({ time })],
    ["{clock} {am}", halved("am")],
    ["{clock} {pm}", halved("pm")],
    ["{dotClock} {am}", halved("am")],
    ["{dotClock} {pm}", halved("pm")],
    ["{hour} {am}", halved("am")],
    ["{hour} {pm}", halved("pm")],
    ["{hour} o ' clock", ({ time }) => ({ time })],
    ["{hour} oclock", ({ time }) => ({ time })],
    ["{hour} ~h", sharp(({ n }) => n * 60)],
    ["{hour} ~h ~{minutes}", sharp(({ n, n2 }) => n * 60 + n2)],
    ["noon|midday", sharp(() => 720)],
    ["12 noon", sharp(() => 720)],
    ["midnight", sharp(() => 1_440)],
    ["12 midnight", sharp(() => 1_440)],
    ["{near}", ({ time }) => ({ time })],
    ["{near} {am}", inHalf(0)],
    ["{near} {pm}", inHalf(720)],
  ],
  /** Minutes around an hour. */
  near: [
    ["half past {hour}", around(() => 30)],
    ["a? quarter past|after {hour}", around(() => 15)],
    ["a? quarter to|before|till|til {hour}", around(() => -15)],
    ["{past} {hour}", around(({ n2 }) => n2)],
    ["{tocome} {hour}", around(({ n2 }) => n2)],
  ],
  past: [
    ["{n} minutes? past", (bound) => (isMinutes(bound) ? { n2: bound.n } : null)],
    ["{n} minutes after", (bound) => (isMinutes(bound) ? { n2: bound.n } : null)],
  ],
  tocome: [["{n} minutes to|before|till|til", (bound) => (isMinutes(bound) ? { n2: -bound.n } : null)]],
  point: [
    ["{sharp}", ({ time }) => ({ time })],
    ["{sharp} in the {part}", ({ time, part }) => ({ time: during(time, part) })],
    ["{sharp} at night", ({ time }) => ({ time: atNight(time) })],
    ["{hour} in the {part}", ({ time, part }) => ({ time: during(time, part) })],
    ["{hour} at night", ({ time }) => ({ time: atNight(time) })],
  ],
  /** What may stand behind "at": any hour. */
  hourly: [
    ["{point}", ({ time }) => ({ time })],
    ["{hour}", ({ time }) => ({ time })],
    ["{dotClock}", ({ time }) => ({ time })],
  ],
  time: [
    ["{point}", ({ time }) => ({ time })],
    ["{point} -|to|until|till {hourly2}", ({ time, time2 }) => ({ time: until(time, time2) })],
    ["{hour} -|to {point2}", ({ time, time2 }) => ({ time: until(time, time2) })],
    ["from|between {hourly} -|to|until|till|and {hourly2}", ({ time, time2 }) => ({ time: until(time, time2) })],
    ["at {n} to {hour2}", toHour],
    ["at|@|around|about|approx {hourly}", ({ time }) => ({ time })],
    ["at|@ {hourly} -|to|until|till {hourly2}", ({ time, time2 }) => ({ time: until(time, time2) })],
  ],
  tenTo: [["{n} to {hour2}", toHour]],
  elapsed: [
    ["{n} {span}", ({ n, span }) => ({ elapsed: n * span })],
    [
      "{n} {span} and? {n2} {span2}",
      ({ n, span, n2, span2 }) => (span2 < span ? { elapsed: n * span + n2 * span2 } : null),
    ],
    ["{n} ~h ~{minutes} ~m?", ({ n, n2 }) => ({ elapsed: (n * 60 + n2) * 60_000 })],
    ["{n} and a half {span}", ({ n, span }) => ({ elapsed: (n + 0.5) * span })],
    ["{n} {span} and a half", ({ n, span }) => ({ elapsed: (n + 0.5) * span })],
    ["half an? {span}", ({ span }) => ({ elapsed: span / 2 })],
    ["a half {span}", ({ span }) => ({ elapsed: span / 2 })],
    ["half - hour", () => ({ elapsed: 1_800_000 })],
    ["a? quarter of an hour", () => ({ elapsed: 900_000 })],
    ["three quarters of an hour", () => ({ elapsed: 2_700_000 })],
    ["a couple of {span}", ({ span }) => ({ elapsed: 2 * span })],
  ],
};

/** "at ten to five"; "to" between other numbers is a stretch. */
function toHour({ n, n2, time2 }: Bound): Partial<Bound> | null {
  const minutes = time2.minutes ?? 0;
  if (![5, 10, 20, 25].includes(n) || n2 > 12 || minutes < 60) return null;
  return around(() => -n)({ ...blank, n: minutes / 60 });
}
