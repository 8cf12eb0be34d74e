/**
 * Recurrence: what a rule means, when it falls due, how it reads. Pure: time comes in as an argument.
 * One engine for the API and its preview, the recurring service, and the web.
 */
export { datesLeft } from "./dates-left.ts";
export { movedSkips } from "./moved-skips.ts";
export { type Anchor, dateAfterCompletion, dateAfterSkip, type NextDate, type Position } from "./next-date.ts";
export { occurrenceId } from "./occurrence-id.ts";
export { type Occurrence, occurrencesAfter, type Series } from "./occurrences.ts";
export { occurrencesBetween, type Window } from "./occurrences-between.ts";
export { parseRule } from "./parse-rule.ts";
export { type Pause, pauseSeries, type Stretch } from "./pause-series.ts";
export { planSeries, type SeriesError, type SeriesInput, type SeriesPlan } from "./plan-series.ts";
export { type Preview, type PreviewDate, type PreviewInput, previewSeries } from "./preview-series.ts";
export { formatRule } from "./rule.ts";
