import { answers } from "./answers.ts";
import type { Bound } from "./bound.ts";
import { eventBounds } from "./events.ts";
import { live } from "./live.ts";
import { requests } from "./requests.ts";
import { rest } from "./rest.ts";

/** Everything of the product that could grow while it runs. */
export const bounds: Readonly<Record<string, readonly Bound[]>> = {
  Requests: requests,
  Answers: answers,
  "Live connections": live,
  Events: eventBounds,
  "Everything else": rest,
};
