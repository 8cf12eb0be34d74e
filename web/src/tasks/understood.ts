import { planSeries } from "@carillon/calendar/recurrence";
import type { ParseAlternative, ParsedText, ParsePiece, UnderstoodFields } from "@carillon/contracts/http/quick-add";
import { beforeWords } from "../reminders/index.ts";
import { dueText, inSentence, momentText, type Reader, ruleText } from "../time.ts";
import { priorityLabels } from "../ui/badges.tsx";
import type { IconName } from "../ui/icon.tsx";

/**
 * Something a line was understood to mean. `ends` are where its words end in the line; without words
 * it cannot be undone.
 */
export type Chip = {
  icon: IconName;
  text: string;
  words: readonly string[];
  ends: readonly number[];
  others: readonly Instead[];
};

/** Replacement words, and what they would mean. */
export type Instead = { label: string; start: number; end: number; text: string };

/** Words that stay in the title on purpose. */
export type Kept = { words: string; detail: string; others: readonly Instead[] };

export type Understood = { chips: readonly Chip[]; kept: readonly Kept[] };

type Setting = { now: Date; reader: Reader };

/**
 * The meaning of a line, in words for its chips: date, repetition, its end, priority, tags, reminders,
 * in this order.
 */
export function understoodOf(line: string, parsed: ParsedText, setting: Setting): Understood {
  const points = Array.from(line);
  const of = (...kinds: ParsePiece["kind"][]) => parsed.pieces.filter(({ kind }) => kinds.includes(kind));
  const chip = (icon: IconName, text: string | null, pieces: readonly ParsePiece[]): Chip[] =>
    text === null
      ? []
      : [
          {
            icon,
            text,
            words: pieces.map((piece) => piece.text),
            ends: pieces.map(({ end }) => end),
            others: pieces.flatMap((piece) => insteadOf(piece, parsed, setting)),
          },
        ];
  return {
    chips: [
      ...chip("calendar", dateWords(parsed, setting), of("due", "time")),
      ...chip("repeat", ruleWords(parsed, setting), of("recurrence", "anchor")),
      ...of("ends").flatMap((piece) => chip("skip", endWords(parsed, setting), [piece])),
      ...of("priority").flatMap((piece) =>
        chip("warning", `${priorityLabels[parsed.priority ?? "medium"]} priority`, [piece]),
      ),
      ...of("tag").flatMap((piece) => chip("tag", String(piece.value), [piece])),
      ...of("reminder").flatMap((piece) => chip("alarm", reminderWords(piece, setting), [piece])),
    ],
    kept: parsed.reasons.map((reason) => ({
      words: points.slice(reason.start, reason.end).join(""),
      detail: reason.detail,
      others: insteadOf(reason, parsed, setting),
    })),
  };
}

export function dateWords({ due_date, ...fields }: UnderstoodFields, { now, reader }: Setting): string | null {
  if (due_date === null) return "No date";
  if (due_date === undefined) return null;
  return dueText(
    { due_date, all_day: fields.all_day ?? false, time_zone: fields.time_zone ?? reader.time_zone },
    now,
    reader,
  );
}

/** "every month on the 1st, counted from completion". */
export function ruleWords(fields: UnderstoodFields, { now, reader }: Setting): string | null {
  const { recurring_pattern: pattern, due_date: due } = fields;
  if (pattern === undefined || typeof due !== "string") return null;
  const timeZone = fields.time_zone ?? reader.time_zone;
  const dueAt = new Date(due);
  const plan = planSeries({ pattern, dueAt, allDay: fields.all_day ?? false, timeZone, endsAt: null, now });
  if (!plan.ok) return null;
  return `${ruleText(plan.text, reader)}${fields.recurrence_anchor === "completion" ? ", counted from completion" : ""}`;
}

function endWords({ recurrence_ends_at: ends, ...parsed }: ParsedText, { now, reader }: Setting): string | null {
  // A number of times is part of the rule's own words.
  if (ends === undefined) return null;
  const day = { due_date: ends, all_day: true, time_zone: parsed.time_zone ?? reader.time_zone };
  return `until ${inSentence(dueText(day, now, reader))}`;
}

function reminderWords({ value }: ParsePiece, { now, reader }: Setting): string | null {
  if (value === null || typeof value === "string") return null;
  return "before" in value ? beforeWords(value.before) : `Bell ${inSentence(momentText(value.at, now, reader))}`;
}

type Place = { start: number; end: number; alternatives: readonly ParseAlternative[] };

/** Each other reading, named by what would differ: the date, or the rule. */
const insteadOf = ({ start, end, alternatives }: Place, parsed: ParsedText, setting: Setting): Instead[] =>
  alternatives.map((other) => {
    const rule = other.recurring_pattern === parsed.recurring_pattern ? null : ruleWords(other, setting);
    return { label: rule ?? dateWords(other, setting) ?? other.text, start, end, text: other.text };
  });
