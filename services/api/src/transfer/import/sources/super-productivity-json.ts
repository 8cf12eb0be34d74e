import { type ImportFile, type ImportItem, Losses, type Reader } from "../item.ts";
import { type Due, type Fields, instantOfMs, isFields, itemOf, type Rule, textIn, wholeDay } from "./foreign.ts";

/** The parts of a Super Productivity backup: tables of entities, at the top or under `data`. */
export function superProductivityData(file: unknown): Fields | null {
  const data = isFields(file) && isFields(file.data) ? file.data : file;
  return isFields(data) && isFields(data.task) && isFields(data.task.entities) ? data : null;
}

const entitiesOf = (table: unknown): Fields[] =>
  isFields(table) && isFields(table.entities) ? Object.values(table.entities).filter(isFields) : [];

const known = new Set([
  "id",
  "title",
  "notes",
  "isDone",
  "doneOn",
  "created",
  "dueDay",
  "dueWithTime",
  "tagIds",
  "projectId",
  "repeatCfgId",
  "remindAt",
]);
const idle = new Set([
  "timeSpentOnDay",
  "_hideSubTasksMode",
  "_showSubTasksMode",
  "reminderId",
  "modified",
  "hasPlannedTime",
  "plannedAt",
  "subTaskIds",
]);

export function readSuperProductivity(data: Fields, reader: Reader): ImportFile {
  const losses = new Losses();
  const names = (table: unknown) => new Map(entitiesOf(table).map((one) => [textIn(one, "id"), textIn(one, "title")]));
  const around: Around = {
    tags: names(data.tag),
    projects: names(data.project),
    repeats: new Map(entitiesOf(data.taskRepeatCfg).map((one) => [textIn(one, "id"), one])),
  };
  const archives = [data.taskArchive, nested(data.archiveYoung), nested(data.archiveOld)];
  const tasks = [data.task, ...archives].flatMap(entitiesOf);
  const items = tasks.map((task, at) => taskOf(task, { ...around, row: at + 1 }, reader, losses));
  return { source: "super_productivity", items, tags: [], lost: losses.list(), errors: [] };
}

const nested = (archive: unknown): unknown => (isFields(archive) ? archive.task : null);

type Around = { tags: Map<string, string>; projects: Map<string, string>; repeats: Map<string, Fields> };

function taskOf(
  task: Fields,
  { tags, projects, repeats, row }: Around & { row: number },
  reader: Reader,
  losses: Losses,
): ImportItem {
  for (const [name, value] of Object.entries(task))
    if (!known.has(name) && !idle.has(name) && isSaying(value)) losses.note(name, row, "has no place here");
  const at = instantOfMs(task.dueWithTime);
  const due: Due | null = at
    ? { at, allDay: false, zone: reader.timeZone }
    : wholeDay(textIn(task, "dueDay"), reader.timeZone);
  const remind = instantOfMs(task.remindAt);
  const tagIds = Array.isArray(task.tagIds) ? task.tagIds.map(String) : [];
  const repeat = repeats.get(textIn(task, "repeatCfgId"));
  return itemOf(
    {
      row,
      id: textIn(task, "id") || null,
      title: textIn(task, "title"),
      description: textIn(task, "notes"),
      due,
      tags: [
        projects.get(textIn(task, "projectId")) ?? "",
        ...tagIds.flatMap((id) => (id === "TODAY" ? [] : (tags.get(id) ?? []))),
      ],
      rule: due && repeat && task.isDone !== true ? ruleOf(repeat) : null,
      reminders: remind === null ? [] : [{ at: remind }],
      completed: task.isDone === true ? (instantOfMs(task.doneOn) ?? true) : null,
      created: instantOfMs(task.created),
    },
    reader,
    losses,
  );
}

const isSaying = (value: unknown): boolean =>
  value !== null &&
  value !== undefined &&
  value !== "" &&
  value !== 0 &&
  value !== false &&
  !(Array.isArray(value) && value.length === 0) &&
  !(isFields(value) && Object.keys(value).length === 0);

const days = {
  monday: "MO",
  tuesday: "TU",
  wednesday: "WE",
  thursday: "TH",
  friday: "FR",
  saturday: "SA",
  sunday: "SU",
} as const;

function ruleOf(repeat: Fields): Rule | null {
  const cycle = textIn(repeat, "repeatCycle");
  if (!["DAILY", "WEEKLY", "MONTHLY", "YEARLY"].includes(cycle)) return null;
  const every = Math.max(1, Number(repeat.repeatEvery ?? 1) || 1);
  const on = Object.entries(days).flatMap(([name, code]) => (repeat[name] === true ? code : []));
  const parts = [
    `FREQ=${cycle}`,
    ...(every > 1 ? [`INTERVAL=${every}`] : []),
    ...(cycle === "WEEKLY" && on.length > 0 ? [`BYDAY=${on.join(",")}`] : []),
  ];
  const anchor = repeat.repeatFromCompletionDate === true ? "completion" : "due_date";
  return { pattern: parts.join(";"), anchor, source: `${cycle.toLowerCase()}, every ${every}` };
}
