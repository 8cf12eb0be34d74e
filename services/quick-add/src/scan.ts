import { matches, rowsAt } from "./match.ts";
import type { Meaning, Place } from "./meaning/meaning.ts";
import type { Reading } from "./reading.ts";
import { readTag } from "./tag.ts";
import type { Text, Token } from "./text.ts";

/** Words that were understood: tokens `from` up to `to`, code points `start` to `end`. */
export type Item = { from: number; to: number; start: number; end: number; meaning: Meaning; place: Place };

/** What the text says, in its order; doubtful is what looks like part of a name ("Sunday Times") or an adjective ("monthly report"). */
export type Scan = { items: readonly Item[]; doubtful: readonly Item[] };

/**
 * At each token the longest allowed reading; one that needs a neighbour it lacks is given up, and the tokens are read again,
 * until every item is in its place.
 */
export function scan(reading: Reading): Scan {
  const candidates = reading.text.tokens.map((_, at) => candidatesAt(reading, at));
  const banned = new Set<Item>();
  const doubtful: Item[] = [];
  for (let round = 0; ; round++) {
    const items = chosen(candidates, banned);
    const misplaced = items.filter((item, index) => !isInPlace(reading, items, index, item));
    const last = misplaced.at(-1);
    if (last === undefined) return { items, doubtful };
    // A reminder without a task is a date, which others depend on. Otherwise from the end: whether a word precedes a date is known
    // once the date is. A text that takes many rounds is abandoned faster.
    const first = misplaced.find((item) => !hasPurpose(items, item)) ?? last;
    for (const item of round < maxRounds ? [first] : misplaced) {
      banned.add(item);
      if (item.place === "unnamed" || (item.place === "apart" && item.meaning.kind === "recurrence"))
        doubtful.push(item);
    }
  }
}

const maxRounds = 100;

/** Whether the words would have been understood: then a quotation keeps them; any other is part of what was written. */
export function isUnderstood(reading: Reading): boolean {
  const says = ({ meaning }: Item): boolean => meaning.kind !== "filler";
  const { items, doubtful } = scan(reading);
  // As a whole they may say something only where they stood: the "9" of "monday 9".
  const whole = candidatesAt(reading, 0).filter(({ to }) => to === reading.text.tokens.length);
  return [...items, ...doubtful, ...whole].some(says);
}

function candidatesAt(reading: Reading, at: number): Item[] {
  const { text, language } = reading;
  const token = text.tokens[at];
  if (token === undefined || token.kind === "opaque" || !isFree(text, token.start - 1, -1)) return [];
  if (isPartOfName(reading, at, token)) return [];
  const tag = readTag(text, at);
  const found = rowsAt(language.phrases, token).flatMap((row) => matches(reading, row, at));
  return [
    ...(tag === null ? [] : [{ ...tag, place: "anywhere" as const }]),
    ...found.map(({ next, made, place }) => ({ next, meaning: made, place })),
  ]
    .map(({ next, meaning, place }): Item => {
      const end = text.tokens[next - 1]?.end ?? token.end;
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
const isFirst = ({ tokens }: Text, { from }: Item): boolean =>
  tokens.slice(0, from).every(({ kind }) => kind === "mark");

function chosen(candidates: readonly (readonly Item[])[], banned: ReadonlySet<Item>): Item[] {
  const items: Item[] = [];
  for (let at = 0; at < candidates.length; ) {
    const best = candidates[at]?.find((item) => !banned.has(item));
    if (best !== undefined) items.push(best);
    at = best?.to ?? at + 1;
  }
  return items;
}

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

/** Only marks that part clauses stand between the two. */
export const isNextTo = (text: Text, before: Item, after: Item): boolean =>
  /^[\s,;:().-]*$/.test(text.norm.slice(before.end, after.start));

const isDated = ({ meaning: { kind } }: Item): boolean =>
  kind === "due" || kind === "elapsed" || kind === "recurrence" || kind === "start" || kind === "until";

function isInPlace(reading: Reading, items: readonly Item[], index: number, item: Item): boolean {
  if (item.meaning.kind === "reminder" && !hasPurpose(items, item)) return false;
  const { text, language } = reading;
  const next = text.tokens[item.to];
  const before = items[index - 1];
  const after = items[index + 1];
  const leadsOn = after !== undefined && after.from === item.to;
  const isBeside = (): boolean =>
    (before !== undefined && isNextTo(text, before, item) && isDated(before)) ||
    (after !== undefined && isNextTo(text, item, after) && isDated(after));
  const isApart = (): boolean =>
    next === undefined || next.kind === "mark" || leadsOn || language.grammar.has(next.word);
  switch (item.place) {
    case "apart":
      return isApart();
    case "small":
      return isApart() && (text.shouting || text.tokens[item.from]?.capital !== true);
    case "unnamed":
      return leadsOn || !isName(text, next);
    case "uncounted":
      return leadsOn || !language.counted.has(next?.word ?? "");
    case "beside":
      return isBeside();
    case "last":
      return text.tokens.slice(item.to).every(({ kind }) => kind === "mark") || isBeside();
    case "hour":
      return (
        isApart() &&
        before !== undefined &&
        before.to === item.from &&
        (isDated(before) || before.meaning.kind === "reminder")
      );
    case "lead":
      return leadsOn && (isDated(after) || (after.meaning.kind === "priority" && isFirst(text, item)));
    case "sole":
      return isApart() && !items.some(({ meaning }) => meaning.kind === "due" && meaning.day !== null);
    case "tail":
      return index > 0 && followsCommand(text, items, index);
    default:
      return true;
  }
}

const isName = ({ shouting }: Text, next: Token | undefined): boolean =>
  next?.capital === true && !shouting && next.word !== "i";

/** From the text's beginning on, everything up to here was understood, and it began with a command. */
function followsCommand(text: Text, items: readonly Item[], index: number): boolean {
  const [first] = items;
  if (first === undefined || (first.meaning.kind !== "filler" && first.meaning.kind !== "reminder")) return false;
  if (first.place === "lead" && first.from > 0) return false;
  // One such word: "daran, zu gehen" keeps its "zu".
  if (items.slice(0, index).some(({ place, meaning }) => place === "tail" && meaning.kind === "filler")) return false;
  const whole = items.slice(0, index + 1);
  return isFirst(text, first) && whole.every((item, at) => at === 0 || isNextTo(text, whole[at - 1] ?? item, item));
}

/** A reminder with a moment of its own needs something else that is due; otherwise the moment is the due date. */
function hasPurpose(items: readonly Item[], item: Item): boolean {
  const { meaning } = item;
  if (meaning.kind !== "reminder" || (meaning.day === null && meaning.time === null)) return true;
  let behind = item.to;
  return items.some((other) => {
    const { kind } = other.meaning;
    const goesOn = other.from === behind;
    if (goesOn) behind = other.to;
    return !goesOn && (kind === "due" || kind === "elapsed" || kind === "recurrence");
  });
}
