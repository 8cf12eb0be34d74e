export { atItsPlace, type NextDates, NextDatesAnswer, NextDatesPart, nextDates } from "./next-dates.tsx";
export { RepeatFields } from "./repeat-fields.tsx";
export {
  lastDayOf,
  patternOf,
  type RepeatForm,
  repeatFields,
  repeatOf,
  repeatTexts,
  settle,
} from "./repeat-form.ts";
