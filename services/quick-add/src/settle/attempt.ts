import type { Item } from "../candidates.ts";
import type { Reference } from "../reference.ts";
import type { Writing } from "../writing.ts";
import type { Objection, Worth } from "./verdict.ts";

/** What an attempt works on: the items still taken seriously, and what it finds about them. */
export type Attempt = {
  items: readonly Item[];
  reference: Reference;
  writing: Writing;
  worth: Map<Item, Worth>;
  give: (objection: Objection) => void;
  silence: (...items: readonly Item[]) => void;
};
