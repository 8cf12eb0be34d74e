import type { Bound, GroupRow, PhraseRow } from "../grammar.ts";
import type { Meaning } from "../meaning/meaning.ts";
import { daysBack, offset, offsetIn } from "../meaning/offset.ts";
import { remind } from "../meaning/remind.ts";
import { during, partTime } from "../meaning/time.ts";

const unsupported = (): Meaning => ({ kind: "fault", reason: "unsupported" });
const remindBefore = ({ befores }: Bound): Meaning => remind({ befores });
const remindBack = ({ back, time, befores }: Bound): Meaning => remind({ back, time, befores });

const later = "vorher|davor|zuvor|vorab|früher";

export const reminders: readonly PhraseRow[] = [
  ["{remind} {befores} {before}", remindBefore],
  ["{befores} {before} ,? {remind}", remindBefore],
  ["{befores} {before} mich? daran? {remind}", remindBefore],
  ["{remind} {eve}", remindBack],
  ["{remind} {eve} und|, {befores} {before}", remindBack],
  ["{eve} und {befores} {before} mich? daran? {remind}", remindBack],
  ["{remind} {timedEve}", remindBack],
  ["am {part} {before}", unsupported],
  ["{eve} ,? mich? daran? {remind}", remindBack],
  ["{remind} am {part}", ({ part }) => remind({ time: partTime(part) })],
  ["{remind} am vortag", () => remind({ befores: ["1d"] })],
  ["am vortag {remind}", () => remind({ befores: ["1d"] })],
  ["erinnerung {befores}", remindBefore, "last"],
  ["{remind} bei|zur fälligkeit", () => remind({ befores: ["0m"] })],
  ["bei|zur fälligkeit {remind}", () => remind({ befores: ["0m"] })],
  ["{remind} {time}", ({ time }) => remind({ time })],
  ["{remind} am? {day}", ({ day }) => remind({ day })],
  ["{remind} am? {day} {time}", ({ day, time }) => remind({ day, time })],
  ["mich? daran? erinnern", () => remind({}), "last"],
  ["mit erinnerung", () => remind({}), "last"],
  ["! ~{befores}", remindBefore],
];

export const reminderGroups: Record<string, readonly GroupRow[]> = {
  remind: [
    ["erinnern|erinnerung|erinnere|erinner mich? bitte? daran|dran? :?", () => ({})],
    ["mit erinnerung", () => ({})],
    ["bescheid geben|sagen", () => ({})],
  ],
  /** A time of day, on the due day or a number of days before it. */
  eve: [
    ["am {part} {before}", ({ part }) => ({ back: 1, time: partTime(part) })],
    ["am {part} {before} {time}", ({ part, time }) => ({ back: 1, time: during(time, part) })],
    ["am vorabend", () => ({ back: 1, time: partTime("evening") })],
    ["am vorabend {time}", ({ time }) => ({ back: 1, time: during(time, "evening") })],
    ["am selben|gleichen {part}", ({ part }) => ({ back: 0, time: partTime(part) })],
    ["{back} {before} {time}", ({ back, time }) => ({ back, time })],
    ["{back} {before} am {part}", ({ back, part }) => ({ back, time: partTime(part) })],
    ["am vortag {time}", ({ time }) => ({ back: 1, time })],
    ["am selben|gleichen tag {time}", ({ time }) => ({ back: 0, time })],
  ],
  /** Its time first: only behind "erinnere mich", for before it that may be the time of the task. */
  timedEve: [
    ["{time} am {part} {before}", ({ part, time }) => ({ back: 1, time: during(time, part) })],
    ["{time} {back} {before}", ({ back, time }) => ({ back, time })],
    ["{time} am vortag", ({ time }) => ({ back: 1, time })],
    ["{time} am selben|gleichen tag", ({ time }) => ({ back: 0, time })],
  ],
  back: [
    ["am|den tag", () => ({ back: 1 })],
    ["{n} {unit}", ({ n, unit }) => daysBack(n, unit)],
  ],
  before: [
    [later, () => ({})],
    ["im voraus", () => ({})],
    ["vor fälligkeit|beginn|ablauf", () => ({})],
  ],
  offset: [
    ["{single}", ({ befores }) => ({ befores })],
    ["{single} {before}", ({ befores }) => ({ befores })],
  ],
  single: [
    ["{elapsed}", ({ elapsed }) => offset(elapsed)],
    ["{n} {unit}", ({ n, unit }) => offsetIn(n, unit)],
    ["{n} ~d|t", ({ n }) => offsetIn(n, { unit: "day", times: 1 })],
    ["{n} ~w", ({ n }) => offsetIn(n, { unit: "week", times: 1 })],
    ["am|den tag", () => ({ befores: ["1d"] })],
    ["die woche", () => ({ befores: ["1w"] })],
  ],
};
