import type { Bound, GroupRow, PhraseRow } from "../grammar.ts";
import type { Meaning } from "../meaning/meaning.ts";
import { daysBack, offset, offsetIn } from "../meaning/offset.ts";
import { remind } from "../meaning/remind.ts";
import { during, partTime } from "../meaning/time.ts";

function remindIn(milliseconds: number): Meaning | null {
  const found = offset(milliseconds);
  return found === null ? null : remind(found);
}

const unsupported = (): Meaning => ({ kind: "fault", reason: "unsupported" });
const remindBefore = ({ befores }: Bound): Meaning => remind({ befores });
const remindBack = ({ back, time, befores }: Bound): Meaning => remind({ back, time, befores });

export const reminders: readonly PhraseRow[] = [
  ["{remind} {befores} {before}", remindBefore],
  ["{befores} {before} ,? {remind}", remindBefore],
  ["reminder|alert {befores}", remindBefore, "last"],
  ["with a? {n} -? {span} reminder|alert", ({ n, span }) => remindIn(n * span), "last"],
  ["{remind} {eve}", remindBack],
  ["{remind} {eve} and|, {befores} {before}", remindBack],
  ["{remind} {timedEve}", remindBack],
  ["on? the {part} before|beforehand", unsupported],
  ["{eve} ,? {remind}", remindBack],
  ["{remind} at the time", () => remind({ befores: ["0m"] })],
  ["{remind} when due", () => remind({ befores: ["0m"] })],
  ["{remind} when it ' s? is? due", () => remind({ befores: ["0m"] })],
  ["{remind} {time}", ({ time }) => remind({ time })],
  ["{remind} on? {day}", ({ day }) => remind({ day })],
  ["{remind} on? {day} {time}", ({ day, time }) => remind({ day, time })],
  ["{remind} {time} on? {day}", ({ day, time }) => remind({ day, time })],
  ["{remind} on? {day} {part}", ({ day, part }) => remind({ day, time: partTime(part) })],
  ["remind|notify|alert me", () => remind({}), "last"],
  ["with a? reminder|alert", () => remind({}), "last"],
  ["! ~{befores}", remindBefore],
];

export const reminderGroups: Record<string, readonly GroupRow[]> = {
  please: [
    ["please", () => ({})],
    ["can|could|would|will you please?", () => ({})],
  ],
  remind: [
    ["remind|reminder|reminders|alert|notify|ping me? :?", () => ({})],
    ["remind me about|of it|this", () => ({})],
    ["with|set|and a? reminder|alert", () => ({})],
  ],
  /** A time of day, on the due day or a number of days before it. */
  eve: [
    ["on? the? {part} {before}", ({ part }) => ({ back: 1, time: partTime(part) })],
    ["on? the? {part} {before} at|@ {hourly}", ({ part, time }) => ({ back: 1, time: during(time, part) })],
    ["on? the {part} of", ({ part }) => ({ back: 0, time: partTime(part) })],
    ["on? that {part}", ({ part }) => ({ back: 0, time: partTime(part) })],
    ["on? the same {part}", ({ part }) => ({ back: 0, time: partTime(part) })],
    ["on? {back} {before} ,? {time}", ({ back, time }) => ({ back, time })],
    ["on? {back} {before} in the {part}", ({ back, part }) => ({ back, time: partTime(part) })],
    ["on? {sameDay} {time}", ({ time }) => ({ back: 0, time })],
  ],
  /** Its time first: only behind "remind me", for before it that may be the time of the task. */
  timedEve: [
    ["at {hourly} on? the? {part} {before}", ({ part, time }) => ({ back: 1, time: during(time, part) })],
    ["{time} on? {back} {before}", ({ back, time }) => ({ back, time })],
    ["{time} on? {sameDay}", ({ time }) => ({ back: 0, time })],
  ],
  sameDay: [
    ["the same? day itself?", () => ({})],
    ["that day", () => ({})],
  ],
  back: [
    ["the day", () => ({ back: 1 })],
    ["{n} {unit}", ({ n, unit }) => daysBack(n, unit)],
  ],
  before: [
    ["before|beforehand|earlier|prior|ahead|early", () => ({})],
    ["in advance", () => ({})],
    ["before it ' s? is? due", () => ({})],
    ["before the? deadline|event|time", () => ({})],
  ],
  offset: [
    ["{single}", ({ befores }) => ({ befores })],
    ["{single} {before}", ({ befores }) => ({ befores })],
  ],
  single: [
    ["{elapsed}", ({ elapsed }) => offset(elapsed)],
    ["the hour", () => ({ befores: ["1h"] })],
    ["{n} {unit}", ({ n, unit }) => offsetIn(n, unit)],
    ["{n} ~d", ({ n }) => offsetIn(n, { unit: "day", times: 1 })],
    ["{n} ~w", ({ n }) => offsetIn(n, { unit: "week", times: 1 })],
    ["the day", () => ({ befores: ["1d"] })],
    ["the week", () => ({ befores: ["1w"] })],
  ],
};
