import { dayFromText, dayOf, instantOf, isTimeZone, startOfDay } from "@carillon/calendar/zone";
import { maxImportTasks } from "@carillon/contracts/http/transfer";
import { invalid } from "@carillon/kit/service";
import { type Component, type Property, readIcs, textOf, textsOf } from "../../formats/read-ics.ts";
import { type ImportFile, type ImportItem, Losses, type Reader } from "../item.ts";
import { beforeMinutes, type Due, durationMinutes, itemOf, reminderOf } from "./foreign.ts";

const known = new Set([
  "UID",
  "SUMMARY",
  "DESCRIPTION",
  "DUE",
  "DTSTART",
  "PRIORITY",
  "STATUS",
  "COMPLETED",
  "PERCENT-COMPLETE",
]);
const idle = new Set([
  "RRULE",
  "EXDATE",
  "CATEGORIES",
  "CREATED",
  "DTSTAMP",
  "LAST-MODIFIED",
  "SEQUENCE",
  "CLASS",
  "RECURRENCE-ID",
  "DURATION",
]);

/** The to-dos of a calendar. @throws Problem 422 for a file that is none. */
export function readCalendar(text: string, reader: Reader): ImportFile {
  const { components, fault } = readIcs(text);
  const losses = new Losses();
  if (fault)
    return {
      source: "icalendar",
      items: [],
      tags: [],
      lost: [],
      errors: [{ row: fault.line, pointer: "", detail: fault.detail }],
    };
  const calendars = components.filter(({ name }) => name === "VCALENDAR");
  if (calendars.length === 0) throw invalid({ pointer: "", detail: "The file holds no calendar (VCALENDAR)." });
  const inside = calendars.flatMap((calendar) => calendar.components);
  for (const { name, line } of inside)
    if (name !== "VTODO" && name !== "VTIMEZONE") losses.note(name, line, "only to-dos (VTODO) become tasks");
  const todos = inside.filter(({ name }) => name === "VTODO");
  const moved = new Map<string, Component[]>();
  for (const todo of todos) {
    if (!find(todo, "RECURRENCE-ID")) continue;
    const uid = find(todo, "UID")?.value ?? "";
    moved.set(uid, [...(moved.get(uid) ?? []), todo]);
  }
  const masters = todos.filter((todo) => !find(todo, "RECURRENCE-ID"));
  if (masters.length > maxImportTasks)
    throw invalid({ pointer: "", detail: `The file holds more than ${maxImportTasks} to-dos; split it.` });
  const items = masters.map((todo) => taskOf(todo, moved.get(find(todo, "UID")?.value ?? "") ?? [], reader, losses));
  return { source: "icalendar", items, tags: [], lost: losses.list(), errors: [] };
}

const find = ({ properties }: Component, name: string): Property | undefined =>
  properties.find((one) => one.name === name);

function taskOf(todo: Component, others: readonly Component[], reader: Reader, losses: Losses): ImportItem {
  const row = todo.line;
  noteOthers(todo, losses);
  const value = (name: string): string => find(todo, name)?.value.trim() ?? "";
  const start = dateOf(find(todo, "DTSTART"), reader, { row, losses });
  const end = dateOf(find(todo, "DUE"), reader, { row, losses });
  const zoned = (due: Due | null): Due | null =>
    due ? { ...due, zone: due.zone ?? (value("X-CARILLON-TIME-ZONE") || null) } : null;
  const repeats = value("RRULE") || value("X-CARILLON-RRULE");
  const due = zoned(repeats ? (start ?? end) : (end ?? start));
  if (!repeats && start && end && start.at !== end.at)
    losses.note("DTSTART", row, "a task has one date here: the one it is due");
  const isDone =
    value("STATUS").toUpperCase() === "COMPLETED" ||
    value("PERCENT-COMPLETE") === "100" ||
    find(todo, "COMPLETED") !== undefined;
  const own = others.find((other) => dateOf(find(other, "RECURRENCE-ID"), reader, { row, losses })?.at === due?.at);
  if (others.length > (own ? 1 : 0))
    losses.note("RECURRENCE-ID", row, "a single date of a series that was changed is as the series has it");
  const priority = Number(value("PRIORITY"));
  const shown = own ?? todo;
  const item = itemOf(
    {
      row,
      id: value("UID") || null,
      title: textOf(find(todo, "SUMMARY")?.value ?? ""),
      description: textOf(find(todo, "DESCRIPTION")?.value ?? ""),
      ...(priority >= 1 && priority <= 9
        ? { priority: priority === 1 ? "urgent" : priority < 5 ? "high" : priority === 5 ? "medium" : "low" }
        : {}),
      due,
      tags: todo.properties.filter(({ name }) => name === "CATEGORIES").flatMap((one) => textsOf(one.value)),
      rule:
        due && repeats
          ? {
              pattern: plainRule(repeats),
              anchor: value("X-CARILLON-ANCHOR") === "completion" ? "completion" : "due_date",
              source: repeats,
            }
          : null,
      reminders: shown.components.flatMap((alarm) => alarmOf(alarm, due, { row, losses })),
      completed: isDone ? (dateOf(find(todo, "COMPLETED"), reader, { row, losses })?.at ?? true) : null,
      created: dateOf(find(todo, "CREATED"), reader, { row, losses })?.at ?? null,
    },
    reader,
    losses,
  );
  return due && repeats
    ? withPlace(
        item,
        {
          todo,
          due,
          moved: own ? zoned(dateOf(find(own, "DUE") ?? find(own, "DTSTART"), reader, { row, losses })) : null,
        },
        reader,
        losses,
      )
    : item;
}

function noteOthers(todo: Component, losses: Losses): void {
  for (const { name } of todo.properties)
    if (!known.has(name) && !idle.has(name) && !name.startsWith("X-CARILLON-") && name !== "X-APPLE-SORT-ORDER")
      losses.note(name, todo.line, "has no place here");
}

type Series = { todo: Component; due: Due; moved: Due | null };

/** The series counts from its own date, also where the task was moved; its skipped dates stay skipped. */
function withPlace(item: ImportItem, { todo, due, moved }: Series, reader: Reader, losses: Losses): ImportItem {
  const skipped = todo.properties
    .filter(({ name }) => name === "EXDATE")
    .flatMap((one) =>
      one.value.split(",").flatMap((value) => dateOf({ ...one, value }, reader, { row: item.row, losses })?.at ?? []),
    );
  if (skipped.length === 0 && moved === null) return item;
  const series = { start: due.at, occurrence_at: due.at, excluded_dates: skipped, ordinal: null, succession: null };
  return {
    ...item,
    body: moved ? { ...item.body, due_date: moved.at } : item.body,
    own: { userId: null, updatedAt: null, deletedAt: null, parentId: null, seriesId: null, series, reminders: null },
  };
}

/** A local UNTIL means its day: which time of day its clock shows, no reader agrees on. */
const plainRule = (rule: string): string =>
  rule.replace(/^RRULE:/i, "").replace(/UNTIL=(\d{8})T\d{6}(?!Z)/i, "UNTIL=$1");

type Place = { row: number; losses: Losses };

function dateOf(property: Property | undefined, { timeZone }: Reader, { row, losses }: Place): Due | null {
  const match = /^(\d{4})(\d\d)(\d\d)(?:T(\d\d)(\d\d)(\d\d)(Z?))?$/.exec(property?.value.trim() ?? "");
  if (!property || !match) return null;
  const [, year, month, date, hour, minute, second, utc] = match;
  const day = dayFromText(`${year}-${month}-${date}`);
  const named = property.params.get("TZID") ?? null;
  const zone = named === null ? null : (zoneOf(named) ?? null);
  if (named !== null && zone === null)
    losses.note("TZID", row, `the zone ${named.slice(0, 60)} is unknown; its times are read in your own`);
  if (day === null) return null;
  if (hour === undefined) return { at: startOfDay(day, timeZone).toISOString(), allDay: true, zone: null };
  const timeMs = ((Number(hour) * 60 + Number(minute)) * 60 + Number(second)) * 1_000;
  if (Number(hour) > 23 || Number(minute) > 59 || Number(second) > 59) return null;
  if (utc === "Z")
    return {
      at: new Date(dayOf(Number(year), Number(month), Number(date)) * 86_400_000 + timeMs).toISOString(),
      allDay: false,
      zone: null,
    };
  return { at: instantOf({ day, timeMs }, zone ?? timeZone).toISOString(), allDay: false, zone };
}

/** `Europe/Berlin`, also where a program puts its own name before it. */
const zoneOf = (name: string): string | undefined =>
  [name, name.split("/").slice(-2).join("/"), name.split("/").slice(-3).join("/")].find(isTimeZone);

function alarmOf(alarm: Component, due: Due | null, { row, losses }: Place): ({ before: string } | { at: string })[] {
  const trigger = find(alarm, "TRIGGER");
  if (alarm.name !== "VALARM" || !trigger) return [];
  const own = find(alarm, "X-CARILLON-BEFORE")?.value;
  if (own && due) return [{ before: own }];
  const absolute = /^(\d{4})(\d\d)(\d\d)T(\d\d)(\d\d)(\d\d)Z$/.exec(trigger.value.trim());
  if (absolute) return [{ at: `${absolute.slice(1, 4).join("-")}T${absolute.slice(4, 7).join(":")}Z` }];
  const minutes = durationMinutes(trigger.value);
  if (minutes === null || due === null) {
    losses.note("VALARM", row, "is of a kind that is not known");
    return [];
  }
  const reminder = due.allDay ? reminderOf(minutes, true) : beforeMinutes(-minutes);
  if (reminder === null) losses.note("VALARM", row, "rings after the task is due");
  return reminder ? [reminder] : [];
}
