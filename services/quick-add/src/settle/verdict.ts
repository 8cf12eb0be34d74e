import type { ReasonKind, UnderstoodFields } from "@carillon/contracts/http/quick-add";
import type { ReminderInput } from "@carillon/contracts/http/tasks";
import type { Item } from "../scan.ts";

/** Why words stay in the title; `others` are possible replacements. */
export type Objection = { kind: ReasonKind; items: readonly Item[]; others: readonly string[] };

/** What an item came to mean: for its piece. */
export type Worth = { value: string | ReminderInput | null; note?: string | null; others?: readonly string[] };

/**
 * The outcome so far. What is in `silent` is no piece; an attempt that finds something to object to adds it there, and the rest is settled
 * again without it.
 */
export type Verdict = {
  fields: Omit<UnderstoodFields, "title">;
  worth: ReadonlyMap<Item, Worth>;
  objections: readonly Objection[];
  silent: ReadonlySet<Item>;
};

/** Something that cannot be meant as it stands: these items are given up. */
export class Refusal extends Error {
  constructor(
    readonly objection: Objection,
    readonly alsoSilent: readonly Item[] = [],
  ) {
    super(objection.kind);
  }
}
