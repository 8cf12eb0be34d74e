import { type Static, type TProperties, type TSchema, Type } from "@sinclair/typebox";
import { Instant, InstantInput, Nullable, Strict, TimeZone } from "./shared.ts";
import { Anchor, Priority, ReminderInput } from "./tasks.ts";
import { Text } from "./text.ts";

export const languages = ["en", "de"] as const;
export const Language = Type.Union(languages.map((value) => Type.Literal(value)));
export type Language = (typeof languages)[number];

export const dateOrders = ["dmy", "mdy"] as const;
export const DateOrder = Type.Union(
  dateOrders.map((value) => Type.Literal(value)),
  { description: "which number of 3/4 is the day, and how dates are written" },
);
export type DateOrder = (typeof dateOrders)[number];

export const hourCycles = ["h23", "h12"] as const;
export const HourCycle = Type.Union(
  hourCycles.map((value) => Type.Literal(value)),
  { description: "how times are written: h23 is 17:00, h12 is 5:00 PM" },
);
export type HourCycle = (typeof hourCycles)[number];

export const weekStarts = ["monday", "saturday", "sunday"] as const;
export const WeekStart = Type.Union(weekStarts.map((value) => Type.Literal(value)));
export type WeekStart = (typeof weekStarts)[number];

/** The time of day that each named part of a day stands for. */
const clockTime = (usual: string) => Type.String({ pattern: "^([01]\\d|2[0-3]):[0-5]\\d$", examples: [usual] });
export const usualDayParts = { morning: "09:00", afternoon: "15:00", evening: "19:00", night: "21:00" } as const;
export const DayParts = Type.Object({
  morning: clockTime(usualDayParts.morning),
  afternoon: clockTime(usualDayParts.afternoon),
  evening: clockTime(usualDayParts.evening),
  night: clockTime(usualDayParts.night),
});
export type DayParts = Static<typeof DayParts>;

/** A line in which a user describes a task; `now` is the reference instant, the clock's when absent. */
export const ParseText = Type.Object(
  {
    text: Text({ min: 1, max: 1_000, multiline: true, examples: ["pay rent every month on the 1st at 9 #home"] }),
    time_zone: Type.Optional(TimeZone),
    now: Type.Optional(InstantInput),
    language: Type.Optional(Language),
  },
  Strict,
);
export type ParseText = Static<typeof ParseText>;

const optional = <Fields extends TProperties>(fields: Fields) => Type.Partial(Type.Object(fields));

const understood = {
  due_date: Nullable(Instant),
  time_zone: TimeZone,
  all_day: Type.Boolean(),
  recurring_pattern: Type.String({ examples: ["FREQ=MONTHLY;BYMONTHDAY=1"] }),
  recurrence_anchor: Anchor,
  recurrence_ends_at: Instant,
  priority: Priority,
  tags: Type.Array(Type.String()),
  reminders: Type.Array(ReminderInput),
};

/** The fields of a task as POST takes them; absent where nothing was understood. `due_date: null` removes a date. */
export const UnderstoodFields = Type.Composite([Type.Object({ title: Type.String() }), optional(understood)]);
export type UnderstoodFields = Static<typeof UnderstoodFields>;

/** Another reading: `text` in place of the words gives these fields. */
export const ParseAlternative = Type.Composite([Type.Object({ text: Type.String() }), UnderstoodFields]);
export type ParseAlternative = Static<typeof ParseAlternative>;

export const pieceKinds = [
  "due",
  "time",
  "recurrence",
  "ends",
  "anchor",
  "priority",
  "tag",
  "reminder",
  "filler",
  "quote",
] as const;

const place = {
  start: Type.Integer({ minimum: 0, description: "offset of the first code point" }),
  end: Type.Integer({ minimum: 1, description: "offset behind the last code point" }),
};

const literals = <Names extends readonly string[]>(names: Names): TSchema & { static: Names[number] } =>
  // Sound: a union of exactly these literals has exactly this type, which TypeBox cannot follow through map.
  Type.Union(names.map((name) => Type.Literal(name))) as unknown as TSchema & { static: Names[number] };

/** Words of the text that left the title, and their meaning. */
export const ParsePiece = Type.Object({
  kind: literals(pieceKinds),
  ...place,
  text: Type.String(),
  value: Nullable(Type.Union([Type.String(), ReminderInput])),
  alternatives: Type.Array(ParseAlternative),
  note: Nullable(Type.String()),
});
export type ParsePiece = Static<typeof ParsePiece>;

export const reasonKinds = ["past", "impossible", "contradiction", "unsupported", "ambiguous"] as const;
export type ReasonKind = (typeof reasonKinds)[number];

/** Words that stay in the title on purpose, and why. */
export const ParseReason = Type.Object({
  kind: literals(reasonKinds),
  ...place,
  detail: Type.String(),
  alternatives: Type.Array(ParseAlternative),
});
export type ParseReason = Static<typeof ParseReason>;

/** The meaning of a line. Title and pieces give back the text; `preview` holds up to five dates, the due date first. */
export const ParsedText = Type.Composite([
  UnderstoodFields,
  Type.Object({
    pieces: Type.Array(ParsePiece),
    reasons: Type.Array(ParseReason),
    preview: Type.Array(Instant),
  }),
]);
export type ParsedText = Static<typeof ParsedText>;
