import { type Candidates, candidatesAt, candidatesOf, type Item, isFirst, type Rewritten } from "./candidates.ts";
import type { Reading } from "./reading.ts";
import type { Text, Token } from "./text.ts";

/** What the text says, in its order; doubtful is what looks like part of a name ("Sunday Times") or an adjective ("monthly report"). */
export type Scan = { items: readonly Item[]; doubtful: readonly Item[]; candidates: Candidates };

/**
 * At each token the longest allowed reading; one that needs a neighbour it lacks is given up, and the tokens are read again,
 * until every item is in its place.
 */
export function scan(reading: Reading, rewritten?: Rewritten): Scan {
  const candidates = candidatesOf(reading, rewritten);
  const banned = new Set<Item>();
  const doubtful: Item[] = [];
  for (let round = 0; ; round++) {
    const items = chosen(candidates.found, banned);
    const misplaced = items.filter((item, index) => !isInPlace(reading, items, index, item));
    const last = misplaced.at(-1);
    if (last === undefined) return { items, doubtful, candidates };
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

function chosen(candidates: readonly (readonly Item[])[], banned: ReadonlySet<Item>): Item[] {
  const items: Item[] = [];
  for (let at = 0; at < candidates.length; ) {
    const best = candidates[at]?.find((item) => !banned.has(item));
    if (best !== undefined) items.push(best);
    at = best?.to ?? at + 1;
  }
  return items;
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
