import type { Language, ParsedText, ParsePiece, ReasonKind } from "@carillon/contracts/http/quick-add";
import type { Candidates, Item, Rewritten } from "./candidates.ts";
import type { Compiled } from "./compile.ts";
import { english } from "./english/english.ts";
import { german } from "./german/german.ts";
import { startReading } from "./match.ts";
import type { Meaning } from "./meaning/meaning.ts";
import { looseMarks, titleOf } from "./pieces.ts";
import { type Options, referenceOf } from "./reference.ts";
import { isNextTo, isUnderstood, scan } from "./scan.ts";
import { previewOf } from "./settle/schedule.ts";
import { settle } from "./settle/settle.ts";
import type { Verdict } from "./settle/verdict.ts";
import { momentOf } from "./settle/when.ts";
import { readText, type Text } from "./text.ts";
import { type Writing, writingIn } from "./writing.ts";

const languages: Record<Language, Compiled> = { en: english, de: german };

/** A piece or a reason whose alternatives are still words to be read in its place. */
export type Open<Part> = Omit<Part, "alternatives"> & { others: readonly string[] };
export type OpenReason = { kind: ReasonKind; start: number; end: number; others: readonly string[] };

/** What a text means, alternatives unread. */
export type Understanding = Omit<ParsedText, "pieces" | "reasons"> & {
  candidates: Candidates;
  pieces: readonly Open<ParsePiece>[];
  reasons: readonly OpenReason[];
};

/** `rewritten`: the text that was understood before, and what this one replaced in it. */
export function understand(source: string, options: Options, rewritten?: Rewritten): Understanding {
  const text = readText(source);
  const language = languages[options.language];
  const reference = referenceOf(options);
  const writing = writingIn(options.language, text.points);
  const { items, doubtful, candidates } = scan(startReading(text, language), rewritten);
  const verdict = settle(items, reference, writing);
  const spoken = withoutLoneLeads(text, items, verdict);
  const pieces = piecesOf(text, spoken, verdict, language, writing);
  const reasons = [...reasonsOf(text, verdict), ...doubts(doubtful, spoken, verdict, reference, writing)];
  return {
    candidates,
    title: titleOf(text, pieces),
    ...verdict.fields,
    pieces,
    reasons: reasons.sort((a, b) => a.start - b.start).slice(0, maxReasons),
    preview: previewOf(verdict),
  };
}

const readingOf = (source: string, language: Compiled) => startReading(readText(source), language);

const maxReasons = 20;

/** The items that became pieces, in order; a preposition goes back into the title with its date. */
function withoutLoneLeads(text: Text, items: readonly Item[], { silent }: Verdict): Item[] {
  const isKept = (item: Item | undefined): boolean => item !== undefined && !silent.has(item);
  return items.filter((item, index) => {
    if (silent.has(item)) return false;
    const after = items[index + 1];
    if (item.place === "lead") return isKept(after);
    if (item.place === "tail") return isKept(items[index - 1]) || !isNextTo(text, items[index - 1] ?? item, item);
    return true;
  });
}

const kinds: Record<Exclude<Meaning["kind"], "fault">, ParsePiece["kind"]> = {
  due: "due",
  elapsed: "due",
  none: "due",
  start: "due",
  recurrence: "recurrence",
  until: "ends",
  lasting: "ends",
  count: "ends",
  anchor: "anchor",
  priority: "priority",
  tag: "tag",
  reminder: "reminder",
  filler: "filler",
  quote: "quote",
};

function kindOf({ meaning }: Item, hasRule: boolean): ParsePiece["kind"] {
  if (meaning.kind === "due" && meaning.day === null) return "time";
  if (meaning.kind === "until" && !hasRule) return "due";
  return meaning.kind === "fault" ? "filler" : kinds[meaning.kind];
}

function piecesOf(
  text: Text,
  spoken: readonly Item[],
  { worth, fields }: Verdict,
  language: Compiled,
  writing: Writing,
): Open<ParsePiece>[] {
  const hasRule = fields.recurring_pattern !== undefined;
  let taken = 0;
  const main = spoken.map((item): Open<ParsePiece> => {
    const { value = null, note = null, others = [] } = worth.get(item) ?? {};
    const span = withInvisibles(text, item, taken);
    taken = span.end;
    return { kind: kindOf(item, hasRule), ...span, text: writing.slice(span.start, span.end), value, note, others };
  });
  const mark = (kind: "quote" | "filler", { start, end }: { start: number; end: number }): Open<ParsePiece> => ({
    kind,
    start,
    end,
    text: writing.slice(start, end),
    value: null,
    note: null,
    others: [],
  });
  const loose = looseMarks(text, main, language.and).map((span) => mark("filler", span));
  const quotes = text.quotes
    .filter(({ kept }) => isUnderstood(readingOf(writing.slice(kept.start, kept.end), language)))
    .flatMap(({ marks }) => marks.map((span) => mark("quote", span)));
  return [...main, ...loose, ...quotes].sort((a, b) => a.start - b.start);
}

/** Invisible marks (of direction, of joining) belong to their word. */
function withInvisibles({ norm }: Text, { start, end }: Item, taken: number): { start: number; end: number } {
  let [from, to] = [start, end];
  while (from > taken && /[\p{Cf}\p{M}]/u.test(norm[from - 1] ?? "")) from--;
  while (to < norm.length && /[\p{Cf}\p{M}]/u.test(norm[to] ?? "")) to++;
  return { start: from, end: to };
}

/** Items that stand together are one reason; what stands apart is one of its own, the words to put there with the first. */
function reasonsOf(text: Text, { objections }: Verdict): OpenReason[] {
  return objections.flatMap(({ kind, items, others }) => {
    const sorted = [...items].sort((a, b) => a.start - b.start);
    const runs: OpenReason[] = [];
    for (const [index, item] of sorted.entries()) {
      const run = runs.at(-1);
      const before = sorted[index - 1];
      if (run !== undefined && before !== undefined && isNextTo(text, before, item)) run.end = item.end;
      else runs.push({ kind, start: item.start, end: item.end, others: runs.length === 0 ? others : [] });
    }
    return runs;
  });
}

/** A weekday in a name can be meant all the same: its date is offered; an adjective's rule is, where there is a date for it. */
function doubts(
  doubtful: readonly Item[],
  spoken: readonly Item[],
  { fields }: Verdict,
  reference: ReturnType<typeof referenceOf>,
  writing: Writing,
): OpenReason[] {
  const isFree = (item: Item): boolean => !spoken.some((other) => other.start < item.end && other.end > item.start);
  const isWidest = (item: Item): boolean =>
    !doubtful.some((other) => other !== item && other.start <= item.start && other.end >= item.end);
  return doubtful
    .filter((item) => isFree(item) && isWidest(item))
    .flatMap(({ start, end, meaning }) => {
      const others: string[] = [];
      if (meaning.kind === "recurrence") {
        if (typeof fields.due_date !== "string") return [];
        // "weekly sync on Wednesdays" says the same twice; "bi-weekly sync on Wednesdays" does not.
        if (fields.recurring_pattern !== undefined && meaning.rule.interval === 1) return [];
        others.push(writing.every(meaning.rule.frequency, meaning.rule.interval));
      }
      const moment = meaning.kind === "due" ? momentOf(meaning.day, meaning.time, reference) : null;
      if (moment !== null) others.push(writing.moment(moment));
      return [{ kind: "ambiguous" as const, start, end, others }];
    });
}
