import { matches, rowsAt } from "./match.ts";
import type { Meaning, Place } from "./meaning/meaning.ts";
import { lookTo, type Reading, tokenAt } from "./reading.ts";
import { readTag } from "./tag.ts";
import type { Text, Token } from "./text.ts";

/** Words that were understood: tokens `from` up to `to`, code points `start` to `end`. */
export type Item = { from: number; to: number; start: number; end: number; meaning: Meaning; place: Place };

/** What can begin at each token of a text, the longest first, and up to which code point that depends on the text. */
export type Candidates = { text: Text; found: readonly (readonly Item[])[]; reach: readonly number[] };

/** A text whose code points `start` to `end` were replaced: most of the new one reads as before. */
export type Rewritten = { from: Candidates; start: number; end: number };

/** Of all tokens; where nothing that a token's reading depends on was replaced, the former reading is taken. */
export function candidatesOf(reading: Reading, rewritten?: Rewritten): Candidates {
  const { text } = reading;
  const former = rewritten === undefined ? () => null : formerOf(text, rewritten);
  const found: (readonly Item[])[] = [];
  const reach: number[] = [];
  for (const at of text.tokens.keys()) {
    const known = former(at);
    if (known === null) reading.reach = 0;
    found.push(known ?? candidatesAt(reading, at));
    reach.push(known === null ? reading.reach : Number.POSITIVE_INFINITY);
  }
  return { text, found, reach };
}

/** How many tokens behind one another a reading looks back at: "Dr. March". */
const looksBack = 2;

/** The reading that a token of the new text has from the former one; null where it must be read again. */
function formerOf(text: Text, { from, start, end }: Rewritten): (at: number) => readonly Item[] | null {
  const { tokens } = text;
  const before = from.text.tokens;
  if (text.shouting !== from.text.shouting) return () => null;
  const [more, longer] = [tokens.length - before.length, text.points.length - from.text.points.length];
  let leading = 0;
  while (isSame(before[leading], tokens[leading], 0) && (before[leading]?.end ?? 0) <= start) leading++;
  let trailing = tokens.length;
  while (
    isSame(before[trailing - more - 1], tokens[trailing - 1], longer) &&
    (before[trailing - more - 1]?.start ?? 0) >= end
  )
    trailing--;
  // One blank or mark parts what was looked at from what was replaced.
  const firm = Math.min(start, before[leading]?.start ?? start) - 2;
  return (at) => {
    if (at < leading) return (from.reach[at] ?? 0) <= firm ? (from.found[at] ?? null) : null;
    if (at < trailing + looksBack) return null;
    return (
      from.found[at - more]?.map((item) => ({
        ...item,
        from: item.from + more,
        to: item.to + more,
        start: item.start + longer,
        end: item.end + longer,
      })) ?? null
    );
  };
}

const isSame = (one: Token | undefined, other: Token | undefined, longer: number): boolean =>
  one !== undefined &&
  other !== undefined &&
  one.start + longer === other.start &&
  one.end + longer === other.end &&
  one.kind === other.kind &&
  one.word === other.word &&
  one.capital === other.capital;

/** What can begin at this token, the longest first. */
export function candidatesAt(reading: Reading, at: number): Item[] {
  const { text, language } = reading;
  const token = tokenAt(reading, at);
  if (token === undefined || token.kind === "opaque" || !isFree(text, token.start - 1, -1)) return [];
  if (isPartOfName(reading, at, token)) return [];
  const tag = readTag(reading, at);
  const found = rowsAt(language.phrases, token).flatMap((row) => matches(reading, row, at));
  return [
    ...(tag === null ? [] : [{ ...tag, place: "anywhere" as const }]),
    ...found.map(({ next, made, place }) => ({ next, meaning: made, place })),
  ]
    .map(({ next, meaning, place }): Item => {
      const end = text.tokens[next - 1]?.end ?? token.end;
      lookTo(reading, end + 2);
      return { from: at, to: next, start: token.start, end, meaning, place };
    })
    .filter((item) => isFree(text, item.end, 1) && (item.place !== "start" || isFirst(text, item)))
    .sort((a, b) => b.to - a.to);
}

/** "Black Friday", "Mr March": the word before says that this one is a name. */
function isPartOfName({ text, language }: Reading, at: number, { word, capital }: Token): boolean {
  // "Dr." has a dot behind it.
  const before = text.tokens[at - 1]?.word === "." ? text.tokens[at - 2] : text.tokens[at - 1];
  if (before?.kind !== "word") return false;
  return (
    language.names.has(`${before.word} ${word}`) || (capital && !text.shouting && language.titles.has(before.word))
  );
}

/** Only marks precede it. */
export const isFirst = ({ tokens }: Text, { from }: Item): boolean =>
  tokens.slice(0, from).every(({ kind }) => kind === "mark");

/** Whether what stands next to a word leaves it a word of its own: "today's", "Heute-Show" and "a.today" are others. */
function isFree({ norm }: Text, at: number, step: 1 | -1): boolean {
  const unit = norm[at];
  if (unit === undefined || unit === " ") return true;
  if (/[\p{L}\p{N}\p{M}_@#$€£%&=+*\\~^']/u.test(unit)) return false;
  if (!/[-.:,/]/.test(unit)) return true;
  const beyond = norm[at + step];
  if (beyond === undefined || beyond === " ") return true;
  // A closing mark behind the dot or comma ends the word as well.
  return !/[\p{L}\p{N}\p{M}_\-'/]/u.test(beyond);
}
