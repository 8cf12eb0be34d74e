/** A task's due date as its mail speaks of it. `timeZone`: the reader's; of an all-day task, the zone in which its day begins. */
export type DueDate = { dueAt: Date; allDay: boolean; timeZone: string };

const weekdays = ["Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"];
const months = [
  ...["January", "February", "March", "April", "May", "June"],
  ...["July", "August", "September", "October", "November", "December"],
];
const numbers = [
  "no",
  "one",
  "two",
  "three",
  "four",
  "five",
  "six",
  "seven",
  "eight",
  "nine",
  "ten",
  "eleven",
  "twelve",
];

/** `due in one day (Friday 17:00)`, as one would say it at the instant `from`. Days are calendar days, whatever the clocks do in between. */
export function dueWords({ dueAt, allDay, timeZone }: DueDate, from: Date): string {
  const due = zoned(dueAt, timeZone);
  const now = zoned(from, timeZone);
  return `${allDay ? wholeDayDistance(now, due) : distance(now, due)} (${when(now, due, allDay)})`;
}

const zoned = (at: Date, timeZone: string): Temporal.ZonedDateTime =>
  Temporal.Instant.fromEpochMilliseconds(at.getTime()).toZonedDateTimeISO(timeZone);

function distance(now: Temporal.ZonedDateTime, due: Temporal.ZonedDateTime): string {
  const span = now.until(due, { largestUnit: "day", smallestUnit: "minute", roundingMode: "halfExpand" });
  if (span.sign === 0) return "due now";
  const words = spanWords(span.abs());
  return span.sign > 0 ? `due in ${words}` : `was due ${words} ago`;
}

/** The two largest units; nobody who has days left counts the minutes. */
function spanWords({ days, hours, minutes }: Temporal.Duration): string {
  const isWholeWeeks = days > 0 && days % 7 === 0 && hours === 0 && minutes === 0;
  const parts = isWholeWeeks
    ? [amount(days / 7, "week")]
    : days > 0
      ? [amount(days, "day"), amount(hours, "hour")]
      : [amount(hours, "hour"), amount(minutes, "minute")];
  return parts.filter((part) => part !== "").join(" and ");
}

const amount = (count: number, unit: string): string =>
  count === 0 ? "" : `${numbers[count] ?? count} ${unit}${count === 1 ? "" : "s"}`;

function wholeDayDistance(now: Temporal.ZonedDateTime, due: Temporal.ZonedDateTime): string {
  const { days } = now.toPlainDate().until(due.toPlainDate(), { largestUnit: "day" });
  if (days === 0) return "due today";
  if (days === 1) return "due tomorrow";
  if (days === -1) return "was due yesterday";
  return days > 0 ? `due in ${amount(days, "day")}` : `was due ${amount(-days, "day")} ago`;
}

/** The weekday alone where it can only mean one day; the date with it otherwise. */
function when(now: Temporal.ZonedDateTime, due: Temporal.ZonedDateTime, allDay: boolean): string {
  const { days } = now.toPlainDate().until(due.toPlainDate(), { largestUnit: "day" });
  const weekday = weekdays[due.dayOfWeek - 1];
  const date = days >= 0 && days < 7 ? "" : ` ${due.day} ${months[due.month - 1]}`;
  const year = date === "" || due.year === now.year ? "" : ` ${due.year}`;
  const time = allDay ? "" : ` ${two(due.hour)}:${two(due.minute)}`;
  return `${weekday}${date}${year}${time}`;
}

const two = (value: number): string => String(value).padStart(2, "0");
