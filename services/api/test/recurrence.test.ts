import { afterAll, beforeAll, expect, test } from "bun:test";
import { hostilePatterns, madeUpHostilePatterns } from "@carillon/calendar/testing";
import { type Harness, type Person, startApi } from "./harness.ts";

let api: Harness;
let ada: Person;

beforeAll(async () => {
  api = await startApi();
  ada = await api.signUp();
});
afterAll(() => api.close());

const due = { due_date: "2026-03-27T09:00:00+01:00", time_zone: "Europe/Berlin" };
const preview = (body: Record<string, unknown>, headers: Record<string, string> = {}) =>
  api.call("POST", "/api/recurrence/preview", { token: ada.token, body: { ...due, ...body }, headers });

test("a preview shows rule, text and the next five dates at the same time of day across a clock change", async () => {
  const { status, body } = await preview({ recurring_pattern: "RRULE:FREQ=WEEKLY;BYDAY=SU,FR" });
  expect(status).toBe(200);
  expect(body).toEqual({
    rrule: "FREQ=WEEKLY;BYDAY=FR,SU",
    text: "every week on Friday and Sunday",
    occurrences: [
      { due_date: "2026-03-29T07:00:00.000Z" },
      { due_date: "2026-04-03T07:00:00.000Z" },
      { due_date: "2026-04-05T07:00:00.000Z" },
      { due_date: "2026-04-10T07:00:00.000Z" },
      { due_date: "2026-04-12T07:00:00.000Z" },
    ],
  });
});

test("a date that the clocks move says so, and a rule without further date is an empty list", async () => {
  const night = { due_date: "2026-03-28T02:30:00+01:00", recurring_pattern: "daily", count: 1 };
  expect((await preview(night)).body.occurrences).toEqual([
    { due_date: "2026-03-29T01:30:00.000Z", note: "Clocks go forward: there is no 02:30, it is 03:30 instead." },
  ]);
  const american = await api.signUp({});
  await api.call("PATCH", "/api/auth/me", { token: american.token, body: { hour_cycle: "h12" } });
  const body = { time_zone: "Europe/Berlin", ...night };
  const seen = await api.call("POST", "/api/recurrence/preview", { token: american.token, body });
  expect(seen.body.occurrences[0].note).toBe("Clocks go forward: there is no 2:30 AM, it is 3:30 AM instead.");
  const once = await preview({ recurring_pattern: "FREQ=DAILY;COUNT=1", anchor: "completion" });
  expect([once.status, once.body.occurrences]).toEqual([200, []]);
});

test("the preview and the task agree on rule and text", async () => {
  const { body } = await preview({ recurring_pattern: "monthly", due_date: "2026-01-31T09:00:00+01:00" });
  const task = await api.call("POST", "/api/tasks", {
    token: ada.token,
    body: {
      title: "Rent",
      recurring_pattern: "monthly",
      due_date: "2026-01-31T09:00:00+01:00",
      time_zone: due.time_zone,
    },
  });
  expect(task.status).toBe(201);
  expect(task.body.recurrence).toEqual({ rrule: body.rrule, text: body.text, anchor: "due_date", ends_at: null });
});

test("every hostile rule is rejected with a pointer, here and on a task", async () => {
  for (const recurring_pattern of [...hostilePatterns, ...madeUpHostilePatterns(200, 7)]) {
    const shown = recurring_pattern.slice(0, 80);
    const { status, body } = await preview({ recurring_pattern });
    expect([shown, status, body.errors[0].pointer]).toEqual([shown, 422, "/recurring_pattern"]);
  }
  const task = await api.call("POST", "/api/tasks", {
    token: ada.token,
    body: { title: "Never", recurring_pattern: "FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=30", ...due },
  });
  expect([task.status, task.body.errors]).toEqual([
    422,
    [{ pointer: "/recurring_pattern", detail: "This rule leads to no further date before the year 2200." }],
  ]);
});

test.each([
  [{ recurring_pattern: "daily", time_zone: "Europe/Atlantis" }, "/time_zone"],
  [{ recurring_pattern: "daily", time_zone: "+01:00" }, "/time_zone"],
  [{ recurring_pattern: "daily", due_date: "2026-03-27" }, "/due_date"],
  [{ recurring_pattern: "daily", count: 51 }, "/count"],
  [{ recurring_pattern: "daily", count: "5" }, "/count"],
  [{ recurring_pattern: "daily", anchor: "start" }, "/anchor"],
  [{ recurring_pattern: "daily", all_day: true }, "/all_day"],
  [{}, "/recurring_pattern"],
] as const)("%j is rejected at %s", async (body, pointer) => {
  const answer = await preview(body);
  expect([answer.status, answer.body.errors.map((error: { pointer: string }) => error.pointer)]).toEqual([
    422,
    [pointer],
  ]);
});

test("an unauthenticated caller gets no preview, and a malformed key is rejected", async () => {
  const body = { ...due, recurring_pattern: "daily" };
  expect((await api.call("POST", "/api/recurrence/preview", { token: null, body })).status).toBe(401);
  expect((await preview({ recurring_pattern: "daily" }, { "idempotency-key": "" })).status).toBe(400);
});
