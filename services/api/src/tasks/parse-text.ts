import type { Formats } from "@carillon/calendar/formats";
import { isTimeZone, parseInstant } from "@carillon/calendar/zone";
import { ParsedText, ParseText } from "@carillon/contracts/http/quick-add";
import { answer, describe, readBody, toResponse } from "@carillon/kit/http";
import { invalid } from "@carillon/kit/service";
import { type Options, parse } from "@carillon/quick-add";
import { Elysia } from "elysia";
import { callerOf } from "../auth/caller.ts";
import { keyOf } from "../change/idempotency.ts";
import { readInput } from "../change/read-input.ts";
import type { ApiDeps } from "../deps.ts";
import { preferredLanguage } from "../preferred-language.ts";

export const parseTextRoute = ({ clock }: ApiDeps) =>
  new Elysia().post(
    "/api/tasks/parse",
    async ({ request }) => {
      const body = await readInput(request, () => readBody(request, ParseText));
      // Parsing has no effect, so a repeat needs no protection; a malformed key is rejected as
      // everywhere.
      keyOf(request);
      return toResponse(answer(200, parseText(body, { ...readerOf(request), now: clock.now() })));
    },
    {
      parse: "none",
      detail: describe({
        summary: "The meaning of a line as a task",
        description:
          "Reads plain English or German and writes nothing; a read-only access token is enough. The fields are those of POST /api/tasks, absent where nothing was understood.",
        tag: "Tasks",
        body: ParseText,
        answers: { 200: ParsedText },
        headers: {
          "Accept-Language":
            "The language, when neither the body nor the account names one: the first of en and de in it, else en.",
          "Idempotency-Key": "Not needed: nothing is written.",
        },
      }),
    },
  );

/** Who writes, and how: zone, language and habits; only the moment is missing. */
export type Reader = Omit<Required<Options>, "now"> & Formats;

/** The caller's own settings; the language is theirs, else what the request prefers. */
export function readerOf(request: Request): Reader {
  const { timeZone, habits } = callerOf(request);
  return {
    ...habits,
    timeZone,
    language: habits.language ?? preferredLanguage(request.headers.get("accept-language")),
  };
}

/**
 * The meaning of the text at the moment, in the zone and the language of the body, else of the user.
 * @throws Problem 422.
 */
export function parseText({ text, time_zone, now, language }: ParseText, reader: Reader & { now: Date }): ParsedText {
  const at = now === undefined ? reader.now : parseInstant(now);
  const timeZone = time_zone ?? reader.timeZone;
  const errors = [
    ...(at === null ? [{ pointer: "/now", detail: "must be an RFC 3339 time with an offset" }] : []),
    ...(isTimeZone(timeZone)
      ? []
      : [{ pointer: "/time_zone", detail: "must be an IANA time zone such as Europe/Berlin" }]),
  ];
  if (at === null || errors.length > 0) throw invalid(...errors);
  return parse(text, { ...reader, now: at, timeZone, language: language ?? reader.language });
}
