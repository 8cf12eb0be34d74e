import { type DayNumber, dayFromText, weekdayOf, ymdOf } from "../zone/day.ts";
import { monthNames, weekdayNames } from "../zone/day-names.ts";

/** How a reader is used to times and dates: on pages, in mails and in what chat answers. */
export type Formats = {
  /** As ECMA-402 names them: `h23` is 17:00, `h12` is 5:00 PM. */
  hourCycle: "h23" | "h12";
  /** `dmy` is 4 December, `mdy` is December 4. */
  dateOrder: "dmy" | "mdy";
};

export const usualFormats: Formats = { hourCycle: "h23", dateOrder: "dmy" };

/** The time of day as `17:00` or `5:00 PM`; seconds are left out. */
export function clockText(timeMs: number, { hourCycle }: Pick<Formats, "hourCycle">): string {
  const minutes = Math.floor(timeMs / 60_000);
  const [hour, minute] = [Math.floor(minutes / 60), String(minutes % 60).padStart(2, "0")];
  if (hourCycle === "h23") return `${String(hour).padStart(2, "0")}:${minute}`;
  return `${hour % 12 || 12}:${minute} ${hour < 12 ? "AM" : "PM"}`;
}

/** What of a date is written. */
export type DateShape = { names: "short" | "long"; weekday?: boolean; year?: boolean; language?: "en" | "de" };

/** The day as `Fri 4 Dec`, `Friday, December 4, 2026` or `Freitag, 4. Dezember 2026`: what of it is written is in the shape. */
export function dateText(day: DayNumber, { dateOrder }: Pick<Formats, "dateOrder">, shape: DateShape): string {
  const { year, month, dayOfMonth } = ymdOf(day);
  const names = shape.language === "de" ? german : english[shape.names];
  const weekday = shape.weekday ? names.weekdays[weekdayOf(day)] : undefined;
  const monthName = names.months[month - 1];
  const inYear = shape.year ? [String(year)] : [];
  // The order of numbers alone is a habit of English; German has one.
  if (shape.language === "de") return list(", ", weekday, [`${dayOfMonth}.`, monthName, ...inYear].join(" "));
  if (dateOrder === "dmy") return list(" ", weekday, `${dayOfMonth}`, monthName, ...inYear);
  return list(", ", weekday, `${monthName} ${dayOfMonth}`, ...inYear);
}

/** `Friday 2026-12-04 17:00`, which answers for programs hold, as `Friday 4 December 2026, 17:00`; other text stays as it is. */
export function spokenDate(text: string, formats: Formats, language: "en" | "de" = "en"): string {
  const [, date = "", hours, minutes] = /^\p{L}+ (\d{4}-\d\d-\d\d)(?: (\d\d):(\d\d))?$/u.exec(text) ?? [];
  const day = dayFromText(date);
  if (day === null) return text;
  const said = dateText(day, formats, { names: "long", weekday: true, year: true, language });
  if (hours === undefined) return said;
  return `${said}, ${clockText((Number(hours) * 60 + Number(minutes)) * 60_000, formats)}`;
}

const list = (between: string, ...parts: (string | undefined)[]): string =>
  parts.filter((part) => part !== undefined).join(between);

const english = {
  long: { weekdays: weekdayNames, months: monthNames },
  short: {
    weekdays: weekdayNames.map((name) => name.slice(0, 3)),
    months: "Jan Feb Mar Apr May Jun Jul Aug Sept Oct Nov Dec".split(" "),
  },
};

const german = {
  weekdays: "Montag Dienstag Mittwoch Donnerstag Freitag Samstag Sonntag".split(" "),
  months: "Januar Februar März April Mai Juni Juli August September Oktober November Dezember".split(" "),
};
