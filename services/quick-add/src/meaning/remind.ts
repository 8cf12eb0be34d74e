import type { Bound } from "../grammar.ts";
import type { Meaning } from "./meaning.ts";

/** A reminder from what its words name; with nothing named it rings at the due date. */
export const remind = (named: Partial<Pick<Bound, "befores" | "day" | "time" | "back">>): Meaning => ({
  kind: "reminder",
  befores: named.befores ?? [],
  day: named.day ?? null,
  time: named.time ?? null,
  back: named.back ?? null,
});
