import type { ParsedText } from "@carillon/contracts/http/quick-add";
import type { Task } from "@carillon/contracts/http/tasks";
import type { Failure } from "../exit.ts";
import type { Method } from "../http/client.ts";

/** A change on its way to the product, as it is kept until the product has answered. */
export type Write = {
  /** Its idempotency key, too. */
  id: string;
  at: string;
  /** What it is, in words. */
  say: string;
  method: Exclude<Method, "GET">;
  path: string;
  body: Record<string, unknown> | null;
  /** Words that the product reads first: a whole task, or a date for one. They mean what they meant when they were typed. */
  parse: { text: string; as: "task" | "date" } | null;
  /** When the product may first have got it; null: it has not. */
  sentAt: string | null;
  /** The version that the task had before. */
  before: number | null;
};

/** What became of a change: the product did it, or never will. */
export type Outcome =
  | { kind: "done"; task: Task | null; parsed: ParsedText | null; isUnchanged: boolean }
  | { kind: "refused"; failure: Failure };
