import { describe, expect, test } from "bun:test";
import type { ImportItem } from "../item.ts";
import { readFile } from "../read-file.ts";

const reader = { timeZone: "Europe/Berlin", now: new Date("2026-12-01T10:00:00Z") };
const table = (text: string) => readFile({ mediaType: "text/csv", content: text }, reader);
const json = (file: unknown) => readFile({ mediaType: "application/json", content: file }, reader);
/** The body with the dates of the item beside it; absent and empty fields left out. */
const told = ({ body, completedAt }: ImportItem) =>
  Object.fromEntries(
    Object.entries({ ...body, completedAt }).filter(
      ([, value]) => value !== null && value !== "" && !(Array.isArray(value) && value.length === 0),
    ),
  );
const fieldsOf = ({ lost }: { lost: { field: string }[] }): string[] => lost.map(({ field }) => field);

describe("Todoist", () => {
  const header = "TYPE,CONTENT,DESCRIPTION,PRIORITY,INDENT,AUTHOR,RESPONSIBLE,DATE,DATE_LANG,TIMEZONE";
  test("dates in words go through the grammar of quick add; labels, notes and priorities come along", () => {
    const file = table(
      [
        header,
        "section,Home,,,,,,,,",
        "task,Water the plants @home @green,Both rooms,1,1,Ada (1),,every 3 days at 9am,en,Europe/Berlin",
        "note,Mind the orchid,,,,,,,,",
        "task,Rent,,4,2,,,2027-01-31,en,Europe/Berlin",
        "task,Odd,,2,1,,,when the moon is full,en,Europe/Berlin",
        "task,Filter,,3,1,,,every! month,en,Europe/Berlin",
      ].join("\n"),
    );
    expect(file.source).toBe("todoist");
    expect(file.items.map(told)).toMatchObject([
      {
        title: "Water the plants",
        tags: ["home", "green"],
        priority: "urgent",
        description: "Both rooms\n\nMind the orchid",
        recurring_pattern: "FREQ=DAILY;INTERVAL=3",
        due_date: "2026-12-02T08:00:00.000Z",
        all_day: false,
      },
      { title: "Rent", priority: "low", all_day: true, due_date: "2027-01-30T23:00:00.000Z" },
      { title: "Odd", priority: "high", description: "Date in Todoist: when the moon is full" },
      { title: "Filter", recurrence_anchor: "completion", recurring_pattern: "FREQ=MONTHLY" },
    ]);
    expect(file.items[0]?.rule).toBe("every 3 days at 9am");
    expect(fieldsOf(file).toSorted()).toEqual(["AUTHOR", "DATE", "INDENT", "section"]);
  });
});

describe("TickTick", () => {
  test("a backup behind its preface: lists are tags, triggers reminders, rules rules", () => {
    const file = table(
      [
        '"Date: 2026-11-30+0000"',
        '"Version: 7.1"',
        '"Status: \n0 Normal\n1 Completed\n2 Archived"',
        '"Folder Name","List Name","Title","Kind","Tags","Content","Is Check list","Start Date","Due Date","Reminder","Repeat","Priority","Status","Created Time","Completed Time","Order","Timezone","Is All Day","Is Floating","Column Name","Column Order","View Mode","taskId","parentId"',
        '"","Work","Report","TEXT","q4, team","line\ntwo","N","2026-12-01T23:00:00+0000","2026-12-01T23:00:00+0000","TRIGGER:P0DT9H0M0S","RRULE:FREQ=WEEKLY;BYDAY=WE;TT_SKIP=HOLIDAY","5","0","2026-11-01T08:00:00+0000","","1","Europe/Berlin","true","false","","","list","17",""',
        '"","Work","Call","TEXT","","","N","2026-12-02T09:00:00+0000","2026-12-02T09:00:00+0000","TRIGGER:-PT15M","","1","2","2026-11-01T08:00:00+0000","2026-11-30T10:00:00+0000","2","Europe/Berlin","false","false","","","list","18","17"',
      ].join("\n"),
    );
    expect(file.source).toBe("ticktick");
    expect(file.items.map(told)).toMatchObject([
      {
        title: "Report",
        all_day: true,
        due_date: "2026-12-01T23:00:00.000Z",
        reminders: [{ before: "0m" }],
        recurring_pattern: "FREQ=WEEKLY;BYDAY=WE",
        priority: "high",
        tags: ["Work", "q4", "team"],
      },
      {
        title: "Call",
        due_date: "2026-12-02T09:00:00.000Z",
        reminders: [{ before: "15m" }],
        priority: "low",
        completedAt: "2026-11-30T10:00:00.000Z",
      },
    ]);
    expect(fieldsOf(file).toSorted()).toEqual(["Repeat", "parentId"]);
  });
});

describe("Microsoft To Do", () => {
  test("lists of Graph: steps become lines, patterns rules", () => {
    const file = json([
      {
        displayName: "Home",
        tasks: [
          {
            id: "AAMk1",
            title: "Pay rent",
            status: "notStarted",
            importance: "high",
            categories: ["money"],
            body: { content: "IBAN", contentType: "text" },
            dueDateTime: { dateTime: "2026-12-31T00:00:00.0000000", timeZone: "UTC" },
            isReminderOn: true,
            reminderDateTime: { dateTime: "2026-12-30T08:00:00.0000000", timeZone: "UTC" },
            recurrence: {
              pattern: { type: "absoluteMonthly", interval: 2, dayOfMonth: 31 },
              range: { type: "numbered", numberOfOccurrences: 5 },
            },
            checklistItems: [{ displayName: "look", isChecked: true }],
            hasAttachments: true,
          },
          {
            id: "AAMk2",
            title: "Done",
            status: "completed",
            importance: "normal",
            completedDateTime: { dateTime: "2026-11-30T08:00:00.0000000", timeZone: "UTC" },
          },
        ],
      },
    ]);
    expect(file.source).toBe("microsoft_todo");
    expect(file.items.map(told)).toMatchObject([
      {
        title: "Pay rent",
        description: "IBAN\n\n- [x] look",
        all_day: true,
        due_date: "2026-12-30T23:00:00.000Z",
        priority: "high",
        tags: ["Home", "money"],
        reminders: [{ at: "2026-12-30T08:00:00.000Z" }],
        recurring_pattern: "FREQ=MONTHLY;BYMONTHDAY=31;INTERVAL=2;COUNT=5",
      },
      { title: "Done", completedAt: "2026-11-30T08:00:00.000Z" },
    ]);
    expect(fieldsOf(file)).toEqual(["hasAttachments", "checklistItems"]);
  });
});

describe("Vikunja", () => {
  test("projects within projects; HTML becomes text, seconds rules", () => {
    const file = json([
      {
        title: "Home",
        tasks: [
          {
            id: 3,
            title: "Water",
            description: "<p>Both &amp; all</p><p>rooms</p>",
            done: false,
            due_date: "2026-12-02T09:00:00Z",
            repeat_after: 604800,
            repeat_mode: 2,
            priority: 5,
            labels: [{ title: "green" }],
            reminders: [{ reminder: "0001-01-01T00:00:00Z", relative_period: -3600, relative_to: "due_date" }],
            percent_done: 0.5,
            done_at: "0001-01-01T00:00:00Z",
          },
        ],
        child_projects: [
          {
            title: "Attic",
            tasks: [
              {
                id: 4,
                title: "Sweep",
                done: true,
                done_at: "2026-11-01T00:00:00Z",
                due_date: "0001-01-01T00:00:00Z",
                repeat_after: 3600,
              },
            ],
          },
        ],
      },
    ]);
    expect(file.source).toBe("vikunja");
    expect(file.items.map(told)).toMatchObject([
      {
        title: "Water",
        description: "Both & all\nrooms",
        priority: "urgent",
        tags: ["Home", "green"],
        recurring_pattern: "FREQ=WEEKLY;INTERVAL=1",
        recurrence_anchor: "completion",
        reminders: [{ before: "60m" }],
      },
      { title: "Sweep", tags: ["Attic"], completedAt: "2026-11-01T00:00:00.000Z" },
    ]);
    expect(fieldsOf(file)).toEqual(["percent_done", "priority"]);
  });
});

describe("Super Productivity", () => {
  test("a backup, archive included", () => {
    const file = json({
      timestamp: 1,
      data: {
        task: {
          ids: ["a"],
          entities: {
            a: {
              id: "a",
              title: "Plan",
              notes: "n",
              isDone: false,
              created: 1_760_000_000_000,
              dueDay: "2026-12-03",
              tagIds: ["TODAY", "t"],
              projectId: "p",
              repeatCfgId: "r",
              timeEstimate: 60_000,
              subTaskIds: [],
              timeSpentOnDay: {},
            },
          },
        },
        archiveYoung: {
          task: { ids: ["b"], entities: { b: { id: "b", title: "Old", isDone: true, doneOn: 1_760_000_000_000 } } },
        },
        tag: { entities: { t: { id: "t", title: "deep" }, TODAY: { id: "TODAY", title: "Today" } } },
        project: { entities: { p: { id: "p", title: "Book" } } },
        taskRepeatCfg: {
          entities: { r: { id: "r", repeatCycle: "WEEKLY", repeatEvery: 2, monday: true, thursday: true } },
        },
      },
    });
    expect(file.source).toBe("super_productivity");
    expect(file.items.map(told)).toMatchObject([
      {
        title: "Plan",
        description: "n",
        all_day: true,
        due_date: "2026-12-02T23:00:00.000Z",
        tags: ["Book", "deep"],
        recurring_pattern: "FREQ=WEEKLY;INTERVAL=2;BYDAY=MO,TH",
      },
      { title: "Old", completedAt: "2025-10-09T08:53:20.000Z" },
    ]);
    expect(fieldsOf(file)).toEqual(["timeEstimate"]);
  });
});
