/** Instants on the wire and days on the page: everything the pages know about clocks. Zones are IANA names. */

export type LocalMoment = { date: string; time: string };

/** Date (`2026-11-21`) and time (`09:00`, with seconds only where there are some) of an instant on the wall clock of `zone`. */
export function localMoment(instant: string, zone: string): LocalMoment {
  const local = Temporal.Instant.from(instant).toZonedDateTimeISO(zone);
  const precision = local.second === 0 ? "minute" : "second";
  return {
    date: local.toPlainDate().toString(),
    time: local.toPlainTime().toString({ smallestUnit: precision, roundingMode: "trunc" }),
  };
}

/**
 * The RFC 3339 instant, with offset, at which the wall clock of `zone` shows this date and time; null when they are no date and time.
 * A time in a daylight-saving gap moves forward, one that happens twice is the first.
 */
export function instantOf({ date, time }: LocalMoment, zone: string): string | null {
  try {
    const local = Temporal.PlainDate.from(date, { overflow: "reject" }).toPlainDateTime(Temporal.PlainTime.from(time));
    return local
      .toZonedDateTime(zone, { disambiguation: "compatible" })
      .toString({ timeZoneName: "never", fractionalSecondDigits: 0 });
  } catch {
    return null;
  }
}

export type Day = { date: string; start: string; end: string };

/** The local day, `offset` days from that of `now`: its date, and the instants of its first moment and of the next day's. */
export function dayOf(now: Date, zone: string, offset = 0): Day {
  const date = Temporal.Instant.fromEpochMilliseconds(now.getTime())
    .toZonedDateTimeISO(zone)
    .toPlainDate()
    .add({ days: offset });
  const first = (day: Temporal.PlainDate) => day.toZonedDateTime(zone).toString({ timeZoneName: "never" });
  return { date: date.toString(), start: first(date), end: first(date.add({ days: 1 })) };
}

type Dated = { due_date: string | null; time_zone: string; all_day: boolean };

/** The zone in which a due date is read: an all-day task keeps its own, so that its day is the same wherever one looks from. */
const zoneOfDue = (task: Dated, zone: string): string => (task.all_day ? task.time_zone : zone);

/** The local day a task is due on, as a date; null without a due date. */
export function dueDay(task: Dated, zone: string): string | null {
  return task.due_date === null ? null : localMoment(task.due_date, zoneOfDue(task, zone)).date;
}

/** Past its due instant; an all-day task from the next midnight of its own zone. */
export function isOverdue(task: Dated & { completed: boolean }, now: Date): boolean {
  if (task.due_date === null || task.completed) return false;
  const due = Temporal.Instant.from(task.due_date).toZonedDateTimeISO(task.time_zone);
  const end = task.all_day ? due.toPlainDate().add({ days: 1 }).toZonedDateTime(task.time_zone) : due;
  return end.epochMilliseconds <= now.getTime();
}

/** A due date in words: `Today, 14:00`, `Mon 23 Nov`, `2 Jan 2028, 09:00`. */
export function dueText(task: Dated & { due_date: string }, now: Date, zone: string): string {
  const { date, time } = localMoment(task.due_date, zoneOfDue(task, zone));
  const day = dayName(date, now, zone);
  return task.all_day ? day : `${day}, ${time.slice(0, 5)}`;
}

/** Only the time of a due date, for places where its day stands already: `14:00`, `All day`. */
export const dueTimeText = (task: Dated & { due_date: string }, zone: string): string =>
  task.all_day ? "All day" : localMoment(task.due_date, zone).time.slice(0, 5);

/** A date in words as seen today: `Yesterday`, `Today`, `Tomorrow`, `Mon 23 Nov`, with the year when it is another one. */
export function dayName(date: string, now: Date, zone: string): string {
  const today = Temporal.PlainDate.from(dayOf(now, zone).date);
  const day = Temporal.PlainDate.from(date);
  const near = nearDays[today.until(day).days + 1];
  if (near) return near;
  return wording(
    day,
    day.year === today.year
      ? { weekday: "short", day: "numeric", month: "short" }
      : { day: "numeric", month: "short", year: "numeric" },
  );
}

const nearDays = ["Yesterday", "Today", "Tomorrow"];

/** Words of a date for the middle of a sentence: `tomorrow, 09:00`. */
export const inSentence = (words: string): string =>
  words.replace(/^(Yesterday|Today|Tomorrow)/, (day) => day.toLowerCase());

/** `Saturday 21 November`, with the year when it is not this one. */
export function longDay(date: string, now: Date, zone: string): string {
  const day = Temporal.PlainDate.from(date);
  const sameYear = dayOf(now, zone).date.slice(0, 4) === date.slice(0, 4);
  return wording(day, { weekday: "long", day: "numeric", month: "long", ...(sameYear ? {} : { year: "numeric" }) });
}

/** An instant in words: `Today, 14:00`. */
export function momentText(instant: string, now: Date, zone: string): string {
  const { date, time } = localMoment(instant, zone);
  return `${dayName(date, now, zone)}, ${time.slice(0, 5)}`;
}

const formats = new Map<string, Intl.DateTimeFormat>();

function wording(day: Temporal.PlainDate, options: Intl.DateTimeFormatOptions): string {
  const key = JSON.stringify(options);
  const format = formats.get(key) ?? new Intl.DateTimeFormat("en-GB", { ...options, timeZone: "UTC" });
  formats.set(key, format);
  // en-GB puts a comma behind a weekday; a list of tasks has enough commas.
  return format.format(day.toZonedDateTime("UTC").epochMilliseconds).replace(",", "");
}
