import { type ImportFile, type ImportItem, Losses, type Reader } from "../item.ts";
import { type Fields, instantText, isFields, itemOf, listIn, type Rule, textIn, wholeDay } from "./foreign.ts";

/** Tasks of Microsoft To Do, as Microsoft Graph names them: lists of tasks, or the tasks of one list. */
export function microsoftTasks(file: unknown): { list: string; task: Fields }[] | null {
  const value = isFields(file) ? (file.value ?? file.lists) : file;
  if (!Array.isArray(value)) return null;
  const entries = value.filter(isFields);
  const lists = entries.filter((entry) => Array.isArray(entry.tasks) && "displayName" in entry);
  const found =
    lists.length > 0
      ? lists.flatMap((list) => listIn(list, "tasks").map((task) => ({ list: textIn(list, "displayName"), task })))
      : entries.map((task) => ({ list: "", task }));
  return found.length > 0 && found.every(({ task }) => "title" in task && "importance" in task) ? found : null;
}

const known = new Set([
  "id",
  "title",
  "status",
  "importance",
  "body",
  "dueDateTime",
  "reminderDateTime",
  "isReminderOn",
  "recurrence",
]);
const idle = new Set([
  "categories",
  "completedDateTime",
  "createdDateTime",
  "lastModifiedDateTime",
  "checklistItems",
  "bodyLastModifiedDateTime",
]);
const priorities: Record<string, "low" | "medium" | "high"> = { low: "low", normal: "medium", high: "high" };

export function readMicrosoft(found: { list: string; task: Fields }[], reader: Reader): ImportFile {
  const losses = new Losses();
  const items = found.map(({ list, task }, at) => taskOf(task, { list, row: at + 1 }, reader, losses));
  return { source: "microsoft_todo", items, tags: [], lost: losses.list(), errors: [] };
}

function taskOf(
  task: Fields,
  { list, row }: { list: string; row: number },
  reader: Reader,
  losses: Losses,
): ImportItem {
  for (const [name, value] of Object.entries(task))
    if (
      !known.has(name) &&
      !idle.has(name) &&
      !name.startsWith("@") &&
      value !== null &&
      value !== false &&
      !(Array.isArray(value) && value.length === 0)
    )
      losses.note(name, row, "has no place here");
  const due = isFields(task.dueDateTime) ? wholeDay(textIn(task.dueDateTime, "dateTime"), reader.timeZone) : null;
  const remind =
    task.isReminderOn === true && isFields(task.reminderDateTime) ? momentOf(task.reminderDateTime, row, losses) : null;
  const done = isFields(task.completedDateTime) ? momentOf(task.completedDateTime, row, losses) : null;
  const priority = priorities[textIn(task, "importance")];
  const steps = listIn(task, "checklistItems").map(
    (step) => `- [${step.isChecked === true ? "x" : " "}] ${textIn(step, "displayName")}`,
  );
  if (steps.length > 0) losses.note("checklistItems", row, "steps become lines of the description");
  const body = isFields(task.body) ? textIn(task.body, "content") : "";
  const categories = Array.isArray(task.categories) ? task.categories.filter((one) => typeof one === "string") : [];
  return itemOf(
    {
      row,
      id: textIn(task, "id") || null,
      title: textIn(task, "title"),
      description: [body.trim(), steps.join("\n")].filter((part) => part !== "").join("\n\n"),
      ...(priority ? { priority } : {}),
      due,
      tags: [list, ...categories],
      rule: due && isFields(task.recurrence) ? ruleOf(task.recurrence, row, losses) : null,
      reminders: remind === null ? [] : [{ at: remind }],
      completed: textIn(task, "status") === "completed" ? (done ?? true) : null,
      created: instantText(textIn(task, "createdDateTime")),
    },
    reader,
    losses,
  );
}

/** Graph writes times in UTC unless it is asked otherwise. */
function momentOf(value: Fields, row: number, losses: Losses): string | null {
  const zone = textIn(value, "timeZone");
  if (zone !== "UTC" && zone !== "") losses.note("timeZone", row, `times of ${zone.slice(0, 40)} are read as UTC`);
  return instantText(`${textIn(value, "dateTime")}Z`);
}

const weekdays: Record<string, string> = {
  monday: "MO",
  tuesday: "TU",
  wednesday: "WE",
  thursday: "TH",
  friday: "FR",
  saturday: "SA",
  sunday: "SU",
};
const indexes: Record<string, number> = { first: 1, second: 2, third: 3, fourth: 4, last: -1 };

function ruleOf(recurrence: Fields, row: number, losses: Losses): Rule | null {
  const pattern = isFields(recurrence.pattern) ? recurrence.pattern : {};
  const range = isFields(recurrence.range) ? recurrence.range : {};
  const type = textIn(pattern, "type").toLowerCase();
  const days = (Array.isArray(pattern.daysOfWeek) ? pattern.daysOfWeek : []).flatMap(
    (day) => weekdays[String(day).toLowerCase()] ?? [],
  );
  const nth = indexes[textIn(pattern, "index").toLowerCase()] ?? 1;
  const own: Record<string, string[]> = {
    daily: ["FREQ=DAILY"],
    weekly: ["FREQ=WEEKLY", ...(days.length > 0 ? [`BYDAY=${days.join(",")}`] : [])],
    absolutemonthly: ["FREQ=MONTHLY", `BYMONTHDAY=${Number(pattern.dayOfMonth)}`],
    relativemonthly: ["FREQ=MONTHLY", `BYDAY=${days.map((day) => `${nth}${day}`).join(",")}`],
    absoluteyearly: ["FREQ=YEARLY", `BYMONTH=${Number(pattern.month)}`, `BYMONTHDAY=${Number(pattern.dayOfMonth)}`],
    relativeyearly: [
      "FREQ=YEARLY",
      `BYMONTH=${Number(pattern.month)}`,
      `BYDAY=${days.map((day) => `${nth}${day}`).join(",")}`,
    ],
  };
  const parts = own[type];
  if (!parts) {
    losses.note("recurrence", row, "is of a kind that is not known; the task does not repeat here");
    return null;
  }
  const interval = Number(pattern.interval ?? 1);
  const end = textIn(range, "type") === "endDate" ? `UNTIL=${textIn(range, "endDate").replaceAll("-", "")}` : null;
  const count = textIn(range, "type") === "numbered" ? `COUNT=${Number(range.numberOfOccurrences)}` : null;
  const all = [
    ...parts,
    ...(interval > 1 ? [`INTERVAL=${interval}`] : []),
    ...(end ? [end] : []),
    ...(count ? [count] : []),
  ];
  return { pattern: all.join(";"), source: `${type}, every ${interval}`.slice(0, 200) };
}
