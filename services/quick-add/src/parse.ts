import type {
  Language,
  ParseAlternative,
  ParsedText,
  ParsePiece,
  ParseReason,
  ReasonKind,
} from "@carillon/contracts/http/quick-add";
import type { Rewritten } from "./candidates.ts";
import type { Options } from "./reference.ts";
import { type Open, type OpenReason, type Understanding, understand } from "./understand.ts";

/** Maximum alternatives per text: each is parsed with the whole grammar, so a long text gets fewer. */
const maxAlternatives = (length: number): number => Math.max(2, Math.min(12, Math.floor(2_000 / length)));

/**
 * Parses a line: the task's fields, each recognised piece, and why other words stay in the title. Title and pieces reproduce the text.
 * No due date is in the past; the same text, options and time give the same result. Never throws.
 */
export function parse(text: string, options: Options): ParsedText {
  const { pieces, reasons, candidates, ...whole } = understand(text, options);
  const points = Array.from(text);
  let left = maxAlternatives(points.length);
  const read = (start: number, end: number, others: readonly string[]): ParseAlternative[] => {
    const taken = others.slice(0, left);
    left -= taken.length;
    const found = taken.map((words) => readInstead(points, { from: candidates, start, end }, words, options));
    return found.filter((other) => isOther(other, whole));
  };
  return {
    ...whole,
    pieces: pieces.map(
      ({ others, ...piece }: Open<ParsePiece>): ParsePiece => ({
        ...piece,
        alternatives: read(piece.start, piece.end, others),
      }),
    ),
    reasons: reasons.map(
      ({ kind, start, end, others }: OpenReason): ParseReason => ({
        kind,
        start,
        end,
        detail: details[options.language][kind],
        alternatives: read(start, end, others),
      }),
    ),
  };
}

function readInstead(
  points: readonly string[],
  rewritten: Rewritten,
  words: string,
  options: Options,
): ParseAlternative {
  const { start, end } = rewritten;
  const instead = [...points.slice(0, start), words, ...points.slice(end)].join("");
  const { pieces: _1, reasons: _2, preview: _3, candidates: _4, ...fields } = understand(instead, options, rewritten);
  return { text: words, ...fields };
}

/** A reading without a result, or with the same one, is not an alternative. */
const isOther = (other: ParseAlternative, whole: Omit<Understanding, "pieces" | "reasons" | "candidates">): boolean =>
  typeof other.due_date === "string" &&
  (other.due_date !== whole.due_date || other.recurring_pattern !== whole.recurring_pattern);

const details: Record<Language, Record<ReasonKind, string>> = {
  en: {
    past: "This is already over, so it stays in the title.",
    impossible: "There is no such date or time, so it stays in the title.",
    contradiction: "These do not go together, so they stay in the title. Keep one of them.",
    unsupported: "This cannot be set here, so it stays in the title.",
    ambiguous: "This may be meant as words, so it stays in the title.",
  },
  de: {
    past: "Das ist schon vorbei und bleibt deshalb im Titel.",
    impossible: "Dieses Datum oder diese Uhrzeit gibt es nicht; es bleibt deshalb im Titel.",
    contradiction: "Das passt nicht zusammen und bleibt deshalb im Titel. Eines davon genügt.",
    unsupported: "Das lässt sich hier nicht einstellen und bleibt deshalb im Titel.",
    ambiguous: "Das kann auch als Wort gemeint sein und bleibt deshalb im Titel.",
  },
};
