import type { Priority } from "@carillon/contracts/http/tasks";
import type { Day } from "./day.ts";
import type { Rule } from "./rule.ts";
import type { Time } from "./time.ts";

export type SpanUnit = "day" | "week" | "month" | "year";

/** What a stretch of words says. */
export type Meaning =
  | { kind: "due"; day: Day | null; time: Time | null }
  /** Elapsed time from now. */
  | { kind: "elapsed"; milliseconds: number }
  | { kind: "none" }
  /** "starting 4 jan": where a rule begins; without a rule, a date. */
  | { kind: "start"; day: Day; alone: boolean }
  | { kind: "recurrence"; rule: Rule }
  /** "until friday"; `alone`: without a rule it is the due date, as German "bis". */
  | { kind: "until"; day: Day; from: Day | null; alone: boolean }
  | { kind: "lasting"; amount: number; unit: SpanUnit }
  | { kind: "count"; count: number }
  | { kind: "anchor" }
  | { kind: "priority"; priority: Priority }
  | { kind: "tag"; name: string }
  /** `back`: on that many days before the due date, at `time`. */
  | { kind: "reminder"; befores: readonly string[]; day: Day | null; time: Time | null; back: number | null }
  /** `reminds`: requests a reminder at the due date. */
  | { kind: "filler"; reminds: boolean }
  | { kind: "quote" }
  | { kind: "fault"; reason: "past" | "impossible" | "unsupported" };

/**
 * Where words have to stand to mean it. `apart`: at the end, or before a mark, other words that were understood or a word of grammar. `small`: apart, and written small.
 * `unnamed`: not before a capital letter ("Sunday Times"). `uncounted`: not before
 * what numbers count ("am 2. Spieltag"). `beside`: next to a date, a time or a rule. `last`: at the end or beside one.
 * `hour`: right behind one, and apart. `start`: at the beginning of the text. `lead`: right before one. `tail`: right behind one.
 * `sole`: apart, and where no date is named.
 */
export type Place =
  | "anywhere"
  | "apart"
  | "small"
  | "unnamed"
  | "uncounted"
  | "beside"
  | "last"
  | "hour"
  | "start"
  | "lead"
  | "sole"
  | "tail";
