import type { Problem } from "@carillon/kit/service";
import type { FieldErrors } from "./field.tsx";

/** The place of api's field in a form, and how a message about it starts; `each`: about one entry of a list. */
export type FieldPlaces = Record<string, { field: string; label: string; each?: string }>;

/**
 * api's messages at the form's fields. `places` goes by the first part of a JSON pointer (`tags` of
 * `/tags/3`) or the name of a query field; what belongs to no field of this form is kept under the
 * empty name.
 */
export function fieldErrors(problem: Problem, places: FieldPlaces): FieldErrors {
  const messages: FieldErrors = {};
  for (const { pointer, detail } of problem.errors ?? []) {
    if (/^idempotency-key$/i.test(pointer)) messages[""] ??= usedBefore;
    const [name = "", ...deeper] = pointer.replace(/^\//, "").split("/");
    const place = places[name];
    const label = deeper.length > 0 ? (place?.each ?? place?.label) : place?.label;
    messages[place?.field ?? ""] ??= sentence(label, forPeople(detail));
  }
  if (Object.keys(messages).length === 0) messages[""] = problem.detail;
  return messages;
}

/** The form's key belongs to what was sent with it first; the page that says so carries a new one. */
const usedBefore = "This form was already sent with other text. Check whether that arrived; then send this again.";

/** api's messages are for programmers; a page's dates have no offsets and its fields no underscores. */
const forPeople = (detail: string): string =>
  detail.includes("RFC 3339") ? "must be in the years 1970 to 2199" : detail.replaceAll("due_date", "due date");

/** "must not be empty" as "Title must not be empty."; a complete sentence stays as it is. */
function sentence(label: string | undefined, detail: string): string {
  const text = label && /^\p{Ll}/u.test(detail) ? `${label} ${detail}` : detail;
  return /[.!?]$/.test(text) ? text : `${text}.`;
}
