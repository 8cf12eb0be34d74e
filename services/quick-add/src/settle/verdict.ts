import type { ReasonKind, UnderstoodFields } from "@carillon/contracts/http/quick-add";
import type { ReminderInput } from "@carillon/contracts/http/tasks";
import type { Item } from "../candidates.ts";

/** Why words stay in the title; `others` are possible replacements. */
export type Objection = { kind: ReasonKind; items: readonly Item[]; others: readonly string[] };

/** The resolved meaning of an item, for its piece. */
export type Worth = { value: string | ReminderInput | null; note?: string | null; others?: readonly string[] };

/**
 * The outcome so far. Items in `silent` are not pieces; an attempt that rejects an item adds it there, and the rest is resolved
 * again without it.
 */
export type Verdict = {
  fields: Omit<UnderstoodFields, "title">;
  worth: ReadonlyMap<Item, Worth>;
  objections: readonly Objection[];
  silent: ReadonlySet<Item>;
};

/** Items that cannot be resolved as written: they are dropped. */
export class Refusal extends Error {
  constructor(
    readonly objection: Objection,
    readonly alsoSilent: readonly Item[] = [],
  ) {
    super(objection.kind);
  }
}
