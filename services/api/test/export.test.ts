import { afterAll, beforeAll, expect, test } from "bun:test";
import type { Task } from "@carillon/contracts/http/tasks";
import { type CsvColumn, csvColumns, TaskExport } from "@carillon/contracts/http/transfer";
import { type CsvRow, readCsv, unsafe } from "../src/transfer/formats/read-csv.ts";
import { clientOf, verdict } from "./client.ts";
import { type Harness, type Person, startApi } from "./harness.ts";
import { expectWhole } from "./oracle.ts";

let api: Harness;
beforeAll(async () => {
  api = await startApi();
});
afterAll(async () => {
  await expectWhole(api.sql);
  await api.close();
});

test("an export holds every tag and every task, trash and completed ones too, each as the API shows it", async () => {
  const as = clientOf(api, await api.signUp());
  const empty = await as.get("/api/tasks/export");
  expect(empty.body).toEqual({
    format: "carillon",
    version: 1,
    exported_at: api.clock.now().toISOString(),
    tags: [],
    tasks: [],
  });

  const made: Task[] = [];
  for (let n = 0; n < 405; n++)
    made.push(
      await as.make({ title: `${n} "quoted" \\ 日本`, tags: n % 50 ? [] : [`tag ${n}`], description: "a\r\nb" }),
    );
  const last = made.at(-1)?.id;
  await as.patch(`/api/tasks/${last}/complete`);
  await as.delete(`/api/tasks/${made[0]?.id}`);
  const { status, headers, body } = await as.get("/api/tasks/export?format=json");
  expect(status).toBe(200);
  expect(headers.get("content-disposition")).toMatch(/^attachment; filename="carillon-\d{4}-\d\d-\d\d\.json"$/);
  expect(headers.get("content-type")).toBe("application/json; charset=utf-8");
  const everything = [...(await as.list("?deleted=true")), ...(await as.listAll("?sort=created_at&limit=100"))];
  expect(body.tasks).toHaveLength(405);
  expect(new Map(body.tasks.map((task: Task) => [task.id, task]))).toEqual(
    new Map(everything.map((task) => [task.id, { ...task, series: null }])),
  );
  expect(body.tags).toHaveLength(9);
  expect(Object.keys(body.tags[0])).toEqual(["id", "name", "color", "created_at"]);
});

test("an unsupported format is 422, and no other user's tasks are exported", async () => {
  const as = clientOf(api, await api.signUp());
  for (const [query, expected] of [
    ["?format=xml", "422 format"],
    ["?bom=true", "422 bom"],
    ["?format=", "422 format"],
    ["?format=json&format=json", "422 format"],
    ["?deleted=true", "422 deleted"],
  ] as const) {
    expect(verdict(await as.get(`/api/tasks/export${query}`))).toBe(expected);
  }
  expect((await as.get("/api/tasks/export")).body.tasks).toEqual([]);
});

/** The file as text. */
async function file(person: Person, query: string): Promise<{ text: string; type: string | null }> {
  const headers = { authorization: `Bearer ${person.token}` };
  const response = await api.app.handle(new Request(`http://localhost/api/tasks/export${query}`, { headers }));
  expect(response.status).toBe(200);
  // `text()` would take the byte order mark away.
  const text = new TextDecoder("utf-8", { ignoreBOM: true }).decode(await response.arrayBuffer());
  return { text, type: response.headers.get("content-type") };
}

test("the JSON fits the schema that is served, and holds each series' place and what was snoozed", async () => {
  const as = clientOf(api, await api.signUp());
  const task = await as.make({
    due_date: "2030-01-07T09:00:00Z",
    recurring_pattern: "FREQ=WEEKLY;COUNT=5",
    reminders: [{ before: "1h" }],
  });
  await as.post(`/api/tasks/${task.id}/skip`);
  await as.post(`/api/tasks/${task.id}/snooze`, { minutes: 60 });
  const { body } = await as.get("/api/tasks/export");
  expect(body.tasks[0].series).toEqual({
    start: "2030-01-07T09:00:00.000Z",
    occurrence_at: "2030-01-14T09:00:00.000Z",
    excluded_dates: ["2030-01-07T09:00:00.000Z"],
    ordinal: null,
    succession: null,
  });
  expect(body.tasks[0].reminders.map((one: { is_snooze: boolean }) => one.is_snooze)).toContain(true);
  const served = await api.app.handle(new Request("http://localhost/schemas/export.v1.json"));
  expect(served.headers.get("content-type")).toBe("application/schema+json");
  expect(await served.json()).toMatchObject({
    $id: "urn:carillon:export:v1",
    ...JSON.parse(JSON.stringify(TaskExport)),
  });
});

test("the CSV reads back cell by cell, names the day of a whole day, and holds no formula", async () => {
  const person = await api.signUp({ time_zone: "Europe/Berlin" });
  const as = clientOf(api, person);
  const titles = [
    '=HYPERLINK("http://evil.example")',
    "+1",
    "-2",
    "@a",
    "'=x",
    " =1",
    "\uff1d1",
    'say "hi", you',
    "plain",
  ];
  for (const title of titles) await as.make({ title, description: "one\r\ntwo;three" });
  await as.make({
    title: "whole day",
    all_day: true,
    due_date: "2030-07-01T00:00:00+02:00",
    tags: ["a, b", "c"],
    reminders: [{ before: "1d" }],
  });
  const { text, type } = await file(person, "?format=csv");
  expect(type).toBe("text/csv; charset=utf-8; header=present");
  expect(text.slice(0, 4)).toBe('"id"');
  expect((await file(person, "?format=csv&bom=true")).text).toBe(`\ufeff${text}`);
  const { rows, fault } = readCsv(text, ",", 1_000);
  expect(fault).toBeNull();
  const cell = (row: CsvRow, column: CsvColumn): string => row.cells[csvColumns.indexOf(column)] ?? "";
  expect(rows[0]?.cells).toEqual([...csvColumns]);
  const read = rows.slice(1);
  expect(read.slice(0, -1).map((row) => unsafe(cell(row, "title")))).toEqual(titles);
  expect(read.filter((row) => row.cells.some((one) => /^\s*[=+\-@\uff1d]/.test(one)))).toEqual([]);
  expect(read[0] && cell(read[0], "description")).toBe("one\r\ntwo;three");
  const last = read.at(-1);
  expect(last && [cell(last, "due_date"), cell(last, "tags"), cell(last, "reminders")]).toEqual([
    "2030-07-01",
    '"a, b",c',
    "1d",
  ]);
});

test("the calendar folds its lines, leaves the trash out, and names each zone once, before its first task", async () => {
  const person = await api.signUp({ time_zone: "Europe/Berlin" });
  const as = clientOf(api, person);
  const gone = await as.make({ title: "gone" });
  await as.delete(`/api/tasks/${gone.id}`);
  await as.make({ title: `${"é".repeat(60)}; a, b`, description: "one\r\ntwo" });
  for (const title of ["first", "second"]) {
    await as.make({ title, due_date: "2030-07-01T09:00:00+02:00", recurring_pattern: "FREQ=WEEKLY;COUNT=3" });
  }
  await as.make({ title: "day", due_date: "2030-07-01T00:00:00+02:00", all_day: true, reminders: [{ before: "1d" }] });
  const { text, type } = await file(person, "?format=ics");
  expect(type).toBe("text/calendar; charset=utf-8");
  expect(text.split("\r\n").filter((line) => Buffer.byteLength(line) > 75)).toEqual([]);
  const lines = text.replaceAll("\r\n ", "").split("\r\n");
  expect(lines).toContain(`SUMMARY:${"é".repeat(60)}\\; a\\, b`);
  expect(lines).toContain("DESCRIPTION:one\\ntwo");
  expect(lines.filter((line) => line === "TZID:Europe/Berlin")).toHaveLength(1);
  expect(lines.indexOf("TZID:Europe/Berlin")).toBeLessThan(lines.indexOf("SUMMARY:first"));
  expect(lines.filter((line) => line === "RRULE:FREQ=WEEKLY;UNTIL=20300715T070000Z")).toHaveLength(2);
  expect(lines).toContain("DTSTART;TZID=Europe/Berlin:20300701T090000");
  expect(lines).toContain("DUE;VALUE=DATE:20300701");
  expect(lines).toContain("TRIGGER;RELATED=END:-PT900M");
  expect(text).not.toContain("gone");
});

test("a client that stops reading holds no connection to the database: twenty of them block no other", async () => {
  const person = await api.signUp();
  const as = clientOf(api, person);
  for (let n = 0; n < 250; n++) await as.make({ description: "x".repeat(20_000) });
  const headers = { authorization: `Bearer ${person.token}` };
  const stalled: ReadableStreamDefaultReader[] = [];
  for (let n = 0; n < 20; n++) {
    const { body } = await api.app.handle(new Request("http://localhost/api/tasks/export", { headers }));
    const reader = body?.getReader();
    await reader?.read();
    if (reader) stalled.push(reader);
  }
  expect((await as.get("/api/tasks?limit=1")).status).toBe(200);
  const [waiting] = await api.sql`
    select count(*)::int as n from pg_stat_activity where datname = current_database() and state like 'idle in transaction%'`;
  expect(waiting?.n).toBe(0);
  await Promise.all(stalled.map((reader) => reader.cancel()));
});
