import { afterAll, beforeAll, beforeEach, expect, test } from "bun:test";
import { type Client, clientOf } from "./client.ts";
import { type Harness, type Person, startApi } from "./harness.ts";

let api: Harness;
let ada: Person;
let as: Client;
beforeAll(async () => {
  api = await startApi();
  api.clock.advance(Date.parse("2026-11-30T12:00:00Z") - api.clock.now().getTime());
});
beforeEach(async () => {
  ada = await api.signUp({ time_zone: "Europe/Berlin" });
  as = clientOf(api, ada);
});
afterAll(() => api.close());

const away = { from: "2026-12-24T00:00:00+01:00", until: "2027-01-04T00:00:00+01:00" };
const pause = (body: Record<string, unknown> = { all: true }, query = "", headers = {}) =>
  as.post(`/api/series/pause${query}`, { ...away, ...body }, headers);
const make = (title: string, due_date: string, recurring_pattern: string, more = {}) =>
  as.make({ title, due_date, recurring_pattern, ...more });

test("away until: dates in the pause are skipped, in all series, and the rest continues behind it", async () => {
  const plants = await make("Plants", "2026-12-25T09:00:00+01:00", "FREQ=DAILY;INTERVAL=4", {
    reminders: [{ before: "1h" }],
  });
  const bins = await make("Bins", "2026-12-21T07:00:00+01:00", "weekly");
  const later = await make("Taxes", "2027-01-10T09:00:00+01:00", "monthly");
  await as.make({ title: "Once", due_date: "2026-12-25T09:00:00+01:00" });
  const { status, body } = await pause();
  expect(status).toBe(200);
  expect(body).toEqual({
    dry_run: false,
    batch_id: expect.any(String),
    paused: [
      {
        task_id: bins.id,
        series_id: bins.id,
        title: "Bins",
        due_date: "2026-12-21T06:00:00.000Z",
        next_due_date: "2026-12-21T06:00:00.000Z",
        skipped_dates: ["2026-12-28T06:00:00.000Z"],
      },
      {
        task_id: plants.id,
        series_id: plants.id,
        title: "Plants",
        due_date: "2026-12-25T08:00:00.000Z",
        next_due_date: "2027-01-06T08:00:00.000Z",
        skipped_dates: ["2026-12-25T08:00:00.000Z", "2026-12-29T08:00:00.000Z", "2027-01-02T08:00:00.000Z"],
      },
    ],
    kept: [],
  });
  expect((await as.get(`/api/tasks/${plants.id}`)).body).toMatchObject({
    due_date: "2027-01-06T08:00:00.000Z",
    version: 2,
    reminders: [{ remind_at: "2027-01-06T07:00:00.000Z", state: "pending" }],
  });
  expect((await as.get(`/api/tasks/${later.id}`)).body.version).toBe(1);
  expect((await as.post(`/api/tasks/${bins.id}/skip`)).body.due_date).toBe("2027-01-04T06:00:00.000Z");
  expect((await pause()).body).toEqual({ dry_run: false, batch_id: expect.any(String), paused: [], kept: [] });
  const said = (await api.outbox(ada.user.id)).filter(({ entity_id }) => entity_id === plants.id);
  expect(said.at(-1)?.event.data).toMatchObject({ changes: { skipped_dates: [null, body.paused[1].skipped_dates] } });
});

test("dry_run reports the same and changes nothing", async () => {
  const task = await make("Plants", "2026-12-25T09:00:00+01:00", "daily");
  const preview = await pause({ all: true }, "?dry_run=true");
  expect(preview.body).toMatchObject({
    dry_run: true,
    batch_id: null,
    paused: [{ next_due_date: "2027-01-04T08:00:00.000Z" }],
  });
  expect((await as.get(`/api/tasks/${task.id}`)).body).toEqual(task);
  expect((await pause()).body).toEqual({ ...preview.body, dry_run: false, batch_id: expect.any(String) });
});

test("only the named series pause, and never another user's", async () => {
  const [one, two] = [
    await make("One", "2026-12-25T09:00:00+01:00", "daily"),
    await make("Two", "2026-12-25T09:00:00+01:00", "daily"),
  ];
  const bob = clientOf(api, await api.signUp());
  const foreign = await bob.post("/api/series/pause", { ...away, series_ids: [one.id] });
  expect(foreign.body).toEqual({ dry_run: false, batch_id: expect.any(String), paused: [], kept: [] });
  const named = await pause({ series_ids: [one.series_id] });
  expect(named.body.paused.map(({ title }: { title: string }) => title)).toEqual(["One"]);
  expect((await as.get(`/api/tasks/${two.id}`)).body.version).toBe(1);
});

test("a series that ends in the pause keeps its date, and the answer says so", async () => {
  const task = await make("Course", "2026-12-25T09:00:00+01:00", "FREQ=DAILY;COUNT=3");
  const { body } = await pause();
  expect(body).toMatchObject({ paused: [], kept: [{ task_id: task.id, due_date: "2026-12-25T08:00:00.000Z" }] });
  expect((await as.get(`/api/tasks/${task.id}`)).body).toEqual(task);
});

test("with an Idempotency-Key it pauses once and answers twice the same", async () => {
  await make("Plants", "2026-12-25T09:00:00+01:00", "daily");
  const headers = { "idempotency-key": "away" };
  const first = await pause({ all: true }, "", headers);
  expect((await pause({ all: true }, "", headers)).body).toEqual(first.body);
});

test.each([
  [{}, "/series_ids"],
  [{ all: true, series_ids: [crypto.randomUUID()] }, "/series_ids"],
  [{ all: false }, "/all"],
  [{ series_ids: [] }, "/series_ids"],
  [{ all: true, until: away.from }, "/until"],
  [{ all: true, until: "2028-01-04T00:00:00Z" }, "/until"],
  [{ all: true, from: "2026-12-24" }, "/from"],
])("%j is rejected at %s", async (body, pointer) => {
  const refused = await pause(body);
  expect([refused.status, refused.body.errors?.[0]?.pointer]).toEqual([422, pointer]);
});
