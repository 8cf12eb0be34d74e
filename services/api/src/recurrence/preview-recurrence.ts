import type { Formats } from "@carillon/calendar/formats";
import { previewSeries } from "@carillon/calendar/recurrence";
import { parseInstant } from "@carillon/calendar/zone";
import { PreviewRecurrence, RecurrencePreview } from "@carillon/contracts/http/recurrence";
import { answer, describe, readBody, toResponse } from "@carillon/kit/http";
import { metrics } from "@carillon/kit/observe";
import { invalid } from "@carillon/kit/service";
import { Elysia } from "elysia";
import { callerOf } from "../auth/caller.ts";
import { keyOf } from "../change/idempotency.ts";
import { readInput } from "../change/read-input.ts";

export const previewRecurrenceRoute = () =>
  new Elysia().post(
    "/api/recurrence/preview",
    async ({ request }) => {
      const body = await readInput(request, () => readBody(request, PreviewRecurrence));
      // A preview has no effect, so a repeat needs no protection; a malformed key is rejected as
      // everywhere.
      keyOf(request);
      return toResponse(answer(200, previewRecurrence(body, callerOf(request).habits)));
    },
    {
      parse: "none",
      detail: describe({
        summary: "The next dates of a rule, before it becomes a task's",
        tag: "Recurrence",
        body: PreviewRecurrence,
        answers: { 200: RecurrencePreview },
        headers: { "Idempotency-Key": "Not needed: a preview changes nothing." },
      }),
    },
  );

/** The next dates of a task with this pattern. @throws Problem 422 pointing at the pattern or the zone. */
export function previewRecurrence(
  body: PreviewRecurrence,
  { hourCycle }: Pick<Formats, "hourCycle">,
): RecurrencePreview {
  const dueAt = parseInstant(body.due_date);
  if (dueAt === null) throw invalid({ pointer: "/due_date", detail: "must be an RFC 3339 time with an offset" });
  const stop = metrics.rruleCalculation.startTimer();
  const preview = previewSeries({
    pattern: body.recurring_pattern,
    dueAt,
    allDay: false,
    timeZone: body.time_zone,
    anchor: body.anchor ?? "due_date",
    endsAt: null,
    count: body.count ?? 5,
    hourCycle,
  });
  stop();
  if (!preview.ok) throw invalid(...preview.errors.map(({ field, detail }) => ({ pointer: `/${field}`, detail })));
  const { rrule, text, occurrences } = preview;
  const dates = occurrences.map(({ dueAt: date, note }) => ({
    due_date: date.toISOString(),
    ...(note === undefined ? {} : { note }),
  }));
  return { rrule, text, occurrences: dates };
}
