import { largeBodyOf } from "../http/large-body.ts";
import type { OpenAnswers } from "../http/open-answers.ts";
import { contextOf } from "./request-context.ts";

/** A reader that takes nothing for this long loses its connection. */
const silenceMs = 30_000;
/** One that had to make room loses it sooner. */
const cutMs = 1_000;

/**
 * The response; a large one counts as an open answer until its reader has read it completely.
 * @throws Problem when there is no room for it.
 */
export function keepOpen(response: Response, request: Request, answers: OpenAnswers): Response {
  const body = largeBodyOf(response);
  if (!body) return response;
  if (request.method === "HEAD") {
    body.cut();
    return new Response(null, response);
  }
  const { fields, limitSilence } = contextOf(request);
  const userId = typeof fields.user_id === "string" ? fields.user_id : null;
  try {
    const cut = (): void => {
      body.cut();
      limitSilence?.(cutMs);
    };
    body.watch(answers.open(userId, cut));
  } catch (error) {
    body.cut();
    throw error;
  }
  limitSilence?.(silenceMs);
  return response;
}
