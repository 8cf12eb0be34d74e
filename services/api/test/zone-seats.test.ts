import { afterAll, beforeAll, describe, expect, test } from "bun:test";
import { occurrenceId } from "@carillon/calendar/recurrence";
import { currentZones, zoneRelease } from "@carillon/calendar/zone";
import { appTokenHeader } from "@carillon/contracts/names";
import { claimReminders } from "../src/reminders/claim-reminders.ts";
import { appToken, type Harness, type Person, startApi } from "./harness.ts";

let api: Harness;
beforeAll(async () => {
  api = await startApi();
  api.clock.advance(Date.parse("2026-11-30T12:00:00Z") - api.clock.now().getTime());
});
afterAll(() => api.close());

const vancouver = "America/Vancouver";

async function make(person: Person, body: Record<string, unknown>): Promise<string> {
  const made = await api.call("POST", "/api/tasks", {
    token: person.token,
    body: { title: "Water the plants", ...body },
  });
  expect(made.status).toBe(201);
  return made.body.id;
}
const read = async (person: Person, id: string) =>
  (await api.call("GET", `/api/tasks/${id}`, { token: person.token })).body;
const history = async (person: Person) => (await api.outbox(person.user.id)).map(({ type }) => type);

/** From now on the user's instants count as computed by the rules of 2026a, the runtime's. */
const asOf2026a = (person: Person) => api.sql`update api.users set zone_release = '2026a' where id = ${person.user.id}`;

/** As recurring asks for the task after a completed one. */
async function put(person: Person, { id, version, ...found }: Record<string, unknown> & { id: string }): Promise<void> {
  const { status } = await api.call("PUT", `/internal/tasks/${occurrenceId(id)}`, {
    headers: { [appTokenHeader]: appToken },
    body: { user_id: person.user.id, parent_task_id: id, parent_version: version, ordinal: null, ...found },
  });
  expect(status).toBe(201);
}

async function seat(person: Person): Promise<void> {
  while (!(await api.deps.seatSome(person.user.id)));
}

describe("when the rules of a zone change", () => {
  test("dates, series and reminders keep their wall time, and the history says why", async () => {
    const ada = await api.signUp({ time_zone: vancouver });
    // Nine o'clock, while Vancouver had a winter time.
    const id = await make(ada, {
      due_date: "2026-12-02T17:00:00Z",
      time_zone: vancouver,
      recurring_pattern: "daily",
      recurrence_ends_at: "2027-01-31T17:00:00Z",
      reminders: [{ before: "1h" }, { at: "2026-12-01T20:00:00Z" }],
    });
    await asOf2026a(ada);
    await seat(ada);
    expect(await read(ada, id)).toMatchObject({
      due_date: "2026-12-02T16:00:00.000Z",
      version: 2,
      recurrence: { ends_at: "2027-01-31T16:00:00.000Z" },
      reminders: [
        { before: "1h", remind_at: "2026-12-02T15:00:00.000Z", state: "pending" },
        { before: null, remind_at: "2026-12-01T19:00:00.000Z", state: "pending" },
      ],
    });
    const said = await api.outbox(ada.user.id);
    const [updated, ...turns] = said.slice(said.findIndex(({ type }) => type === "task.updated"));
    expect(updated?.type).toBe("task.updated");
    expect(updated?.event.data).toMatchObject({
      actor: "system",
      changes: {
        zone_rules: ["2026a", zoneRelease()],
        due_date: ["2026-12-02T17:00:00.000Z", "2026-12-02T16:00:00.000Z"],
      },
    });
    expect(turns.map(({ type }) => type)).toEqual(["reminder.scheduled", "reminder.scheduled"]);
    expect(turns[0]?.event.data).toMatchObject({ reminder: { generation: 2 } });
    const skipped = await api.call("POST", `/api/tasks/${id}/skip`, { token: ada.token });
    expect(skipped.body.due_date).toBe("2026-12-03T16:00:00.000Z");
  });

  test("a whole day keeps its day, its reminder at nine and the midnight it ends at", async () => {
    const ada = await api.signUp({ time_zone: vancouver });
    const [long, over] = [
      await make(ada, { all_day: true, due_date: "2026-12-02T08:00:00Z", reminders: [{ before: "0m" }] }),
      // It begins at the same instant by either rules, and ends at another.
      await make(ada, { all_day: true, due_date: "2026-11-01T07:00:00Z" }),
    ];
    await api.sql`alter table api.tasks disable trigger all`;
    await api.sql`alter table api.reminders disable trigger all`;
    await api.sql`update api.tasks set due_at = '2026-12-02T08:00:00Z' where id = ${long}`;
    await api.sql`update api.reminders set remind_at = '2026-12-02T17:00:00Z' where task_id = ${long}`;
    await api.sql`update api.tasks set overdue_at = '2026-11-02T08:00:00Z' where id = ${over}`;
    await api.sql`alter table api.tasks enable trigger all`;
    await api.sql`alter table api.reminders enable trigger all`;
    await asOf2026a(ada);
    await seat(ada);
    expect(await read(ada, long)).toMatchObject({
      due_date: "2026-12-02T07:00:00.000Z",
      reminders: [{ remind_at: "2026-12-02T16:00:00.000Z", state: "pending" }],
    });
    const [row] = await api.sql`select overdue_at from api.tasks where id = ${over}`;
    expect(row?.overdue_at).toEqual(new Date("2026-11-02T07:00:00Z"));
  });

  test("nothing else changes: other zones, other months, snoozed reminders, reminders that rang", async () => {
    const ada = await api.signUp();
    const due = { due_date: "2026-12-02T17:00:00Z" };
    const ids = [
      await make(ada, { ...due, time_zone: "Europe/Berlin" }),
      await make(ada, { time_zone: vancouver, due_date: "2026-07-02T16:00:00Z" }),
      await make(ada, { title: "No date" }),
    ];
    await asOf2026a(ada);
    await seat(ada);
    for (const id of ids) expect((await read(ada, id)).version).toBe(1);
    expect(new Set(await history(ada))).toEqual(new Set(["task.created"]));
  });

  test("before a reminder rings: one that is asked about rings at its new instant, not at the old one", async () => {
    const ada = await api.signUp({ time_zone: vancouver });
    const id = await make(ada, { due_date: "2026-12-02T17:00:00Z", reminders: [{ before: "0m" }] });
    await asOf2026a(ada);
    const [reminder] = (await read(ada, id)).reminders;
    expect(reminder.remind_at).toBe("2026-12-02T17:00:00.000Z");
    expect(await claimReminders(api.deps, [{ id: reminder.id, generation: 1 }])).toMatchObject([
      { outcome: "moved", next: { generation: 2, remind_at: "2026-12-02T16:00:00.000Z" } },
    ]);
  });

  test("before any other change of the user", async () => {
    const ada = await api.signUp({ time_zone: vancouver });
    const id = await make(ada, { due_date: "2026-12-02T17:00:00Z" });
    await asOf2026a(ada);
    const renamed = await api.call("PATCH", `/api/tasks/${id}`, { token: ada.token, body: { title: "Roses" } });
    expect(renamed.body).toMatchObject({ title: "Roses", due_date: "2026-12-02T16:00:00.000Z", version: 3 });
  });

  test("a user whose dates cannot be moved stops no other user's bell", async () => {
    const ada = await api.signUp({ time_zone: vancouver });
    const id = await make(ada, { due_date: "2026-12-02T17:00:00Z", reminders: [{ before: "0m" }] });
    await asOf2026a(ada);
    const [reminder] = (await read(ada, id)).reminders;
    const broken = { ...api.deps, seatSome: () => Promise.reject(new Error("no such release")) };
    const [claim] = await claimReminders(broken, [{ id: reminder.id, generation: 1 }]);
    expect(claim).toMatchObject({ outcome: "moved", next: { generation: 1 } });
  });

  test("undoing a completion still removes a successor that only the rules have moved", async () => {
    const ada = await api.signUp({ time_zone: vancouver });
    const id = await make(ada, { due_date: "2026-12-02T17:00:00Z", recurring_pattern: "daily" });
    const { body: done } = await api.call("PATCH", `/api/tasks/${id}/complete`, { token: ada.token });
    const next = occurrenceId(id);
    await put(ada, { id, version: done.version, due_date: "2026-12-03T17:00:00Z" });
    await asOf2026a(ada);
    await seat(ada);
    expect((await read(ada, next)).version).toBe(2);
    await api.call("PATCH", `/api/tasks/${id}/incomplete`, { token: ada.token });
    expect((await api.call("GET", `/api/tasks/${next}`, { token: ada.token })).status).toBe(404);
  });

  test("a next date that recurring computed by other rules than ours is computed again", async () => {
    const ada = await api.signUp({ time_zone: vancouver });
    const id = await make(ada, { due_date: "2026-12-02T16:00:00Z", recurring_pattern: "daily" });
    const { body: done } = await api.call("PATCH", `/api/tasks/${id}/complete`, { token: ada.token });
    await put(ada, { id, version: done.version, due_date: "2026-12-03T17:00:00Z", zone_release: "2026a" });
    expect((await read(ada, occurrenceId(id))).due_date).toBe("2026-12-03T16:00:00.000Z");
  });

  test("G24: killed between two batches it continues behind the last one, and moves nothing twice", async () => {
    const ada = await api.signUp({ time_zone: vancouver });
    for (let made = 0; made < 130; made++) await make(ada, { due_date: "2026-12-02T17:00:00Z" });
    await asOf2026a(ada);
    expect(await api.deps.seatSome(ada.user.id)).toBe(false);
    const [half] =
      await api.sql`select zone_release, seating_release, seated_up_to from api.users where id = ${ada.user.id}`;
    expect(half).toMatchObject({ zone_release: "2026a", seating_release: zoneRelease() });
    await Promise.all([seat(ada), seat(ada)]);
    const rows = await api.sql`select distinct due_at, version from api.tasks where user_id = ${ada.user.id}`;
    expect([...rows]).toEqual([{ due_at: new Date("2026-12-02T16:00:00Z"), version: 2 }]);
  });
});

describe("all-day tasks float", () => {
  const days = { all_day: true, due_date: "2026-12-02T00:00:00+01:00", time_zone: "Europe/Berlin" };

  test("their zone is the user's, whatever zone decided the day", async () => {
    const ada = await api.signUp({ time_zone: "Asia/Tokyo" });
    const id = await make(ada, days);
    expect(await read(ada, id)).toMatchObject({ time_zone: "Asia/Tokyo", due_date: "2026-12-01T15:00:00.000Z" });
    const moved = await api.call("PATCH", `/api/tasks/${id}`, {
      token: ada.token,
      body: { due_date: "2026-12-24T00:00:00-08:00", time_zone: "America/Los_Angeles" },
    });
    expect(moved.body).toMatchObject({ time_zone: "Asia/Tokyo", due_date: "2026-12-23T15:00:00.000Z" });
    const rule = await make(ada, { recurring_pattern: "FREQ=MONTHLY;BYMONTHDAY=1", time_zone: "Europe/Berlin" });
    expect(await read(ada, rule)).toMatchObject({ all_day: true, time_zone: "Asia/Tokyo" });
  });

  test("the day stays when the user moves to another zone; reminders ring at nine there, and it ends at midnight there", async () => {
    const ada = await api.signUp({ time_zone: "Europe/Berlin" });
    const id = await make(ada, { ...days, recurring_pattern: "weekly", reminders: [{ before: "1d" }] });
    const timed = await make(ada, { due_date: "2026-12-02T17:00:00+01:00" });
    const me = await api.call("PATCH", "/api/auth/me", { token: ada.token, body: { time_zone: "America/New_York" } });
    expect(me.status).toBe(200);
    expect(await read(ada, id)).toMatchObject({
      due_date: "2026-12-02T05:00:00.000Z",
      time_zone: "America/New_York",
      reminders: [{ remind_at: "2026-12-01T14:00:00.000Z", state: "pending" }],
    });
    expect(await read(ada, timed)).toMatchObject({
      due_date: "2026-12-02T16:00:00.000Z",
      time_zone: "Europe/Berlin",
      version: 1,
    });
    const [row] = await api.sql`select overdue_at, series_start, occurrence_at from api.tasks where id = ${id}`;
    expect(row).toEqual({
      overdue_at: new Date("2026-12-03T05:00:00Z"),
      series_start: new Date("2026-12-02T05:00:00Z"),
      occurrence_at: new Date("2026-12-02T05:00:00Z"),
    });
    expect((await history(ada)).slice(-2)).toEqual(["task.updated", "reminder.scheduled"]);
    const skipped = await api.call("POST", `/api/tasks/${id}/skip`, { token: ada.token });
    expect(skipped.body.due_date).toBe("2026-12-09T05:00:00.000Z");
  });

  test("a task completed in another zone comes back on its day", async () => {
    const ada = await api.signUp({ time_zone: "Europe/Berlin" });
    const id = await make(ada, days);
    await api.call("PATCH", `/api/tasks/${id}/complete`, { token: ada.token });
    await api.call("PATCH", "/api/auth/me", { token: ada.token, body: { time_zone: "Asia/Tokyo" } });
    const back = await api.call("PATCH", `/api/tasks/${id}/incomplete`, { token: ada.token });
    expect(back.body).toMatchObject({ time_zone: "Asia/Tokyo", due_date: "2026-12-01T15:00:00.000Z" });
  });

  test("more than one batch is moved, also when the process is killed after the first", async () => {
    const ada = await api.signUp({ time_zone: "Europe/Berlin" });
    for (let made = 0; made < 130; made++) await make(ada, days);
    await api.call("PATCH", "/api/auth/me", { token: ada.token, body: { time_zone: "Asia/Tokyo" } });
    const id = await make(ada, { title: "The next change finishes it" });
    expect((await read(ada, id)).version).toBe(1);
    const rows =
      await api.sql`select distinct time_zone, due_at from api.tasks where user_id = ${ada.user.id} and all_day`;
    expect([...rows]).toEqual([{ time_zone: "Asia/Tokyo", due_at: new Date("2026-12-01T15:00:00Z") }]);
  });
});

test("newer rules stored by an operator are in force with the next change", async () => {
  const ada = await api.signUp({ time_zone: "Europe/Paris" });
  const id = await make(ada, { due_date: "2028-01-10T09:00:00+01:00" });
  // A France that stays on summer time from 2027 on.
  const data = currentZones()
    .text.replace(/^# version \S+/, "# version 2099a")
    .replace(/^(Z Europe\/Paris [\s\S]*?)\n1 E CE%sT$/m, "$1\n1 E CE%sT 2027 May\n2 - CEST");
  expect(data).toContain("2027 May");
  await api.sql`insert into api.zone_releases (release, data) values ('2099a', ${data})`;
  await api.call("PATCH", `/api/tasks/${id}`, { token: ada.token, body: { title: "Croissants" } });
  await seat(ada);
  expect(zoneRelease()).toBe("2099a");
  expect((await read(ada, id)).due_date).toBe("2028-01-10T07:00:00.000Z");
  expect((await api.call("GET", "/health", {})).body.zones).toBe("2099a");
});
