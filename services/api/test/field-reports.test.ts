import { afterAll, beforeAll, describe, expect, test } from "bun:test";
import { type Client, clientOf } from "./client.ts";
import { type Harness, type Person, startApi } from "./harness.ts";

/** What people report about other task managers, with the very input of the report. `docs/field-reports.md` lists them all. */
let api: Harness;
beforeAll(async () => {
  api = await startApi();
  api.clock.advance(Date.parse("2026-12-01T12:00:00Z") - api.clock.now().getTime());
});
afterAll(() => api.close());

async function newUser(fields: Record<string, unknown> = {}): Promise<{ person: Person; as: Client }> {
  const person = await api.signUp(fields);
  return { person, as: clientOf(api, person) };
}

describe("B01: zones whose winter time was abolished in 2026", () => {
  test.each([
    ["America/Vancouver", "2026-10-30T09:00:00-07:00", "T16:00:00.000Z"],
    ["America/Edmonton", "2026-10-30T09:00:00-06:00", "T15:00:00.000Z"],
  ])("nine o'clock in %s stays nine o'clock", async (time_zone, due_date, time) => {
    const { as } = await newUser();
    const asked = { recurring_pattern: "daily", due_date, time_zone, count: 4 };
    const { body } = await as.post("/api/recurrence/preview", asked);
    const dates = ["2026-10-31", "2026-11-01", "2026-11-02", "2026-11-03"];
    expect(body.occurrences.map((one: { due_date: string }) => one.due_date)).toEqual(dates.map((day) => day + time));
  });

  test("in a typed line, and for a whole day and its bell", async () => {
    const { as } = await newUser({ time_zone: "America/Vancouver" });
    const parsed = await as.post("/api/tasks/parse", { text: "Water the plants 2 December 2026 9:00" });
    expect(new Date(parsed.body.due_date).toISOString()).toBe("2026-12-02T16:00:00.000Z");
    const day = await as.make({ all_day: true, due_date: "2026-12-02T07:00:00Z", reminders: [{ before: "0m" }] });
    expect(day.due_date).toBe("2026-12-02T07:00:00.000Z");
    expect(day.reminders).toMatchObject([{ remind_at: "2026-12-02T16:00:00.000Z" }]);
  });
});

test.each([
  ["B04", { title: "Call mother/father" }, "father"],
  ["B04", { title: "Split", description: "office/home split" }, "home"],
  ["B04", { title: "Lamp", description: "see https://shop.example.com/lamps/brass?id=7" }, "brass"],
  ["B05", { title: "新しい電池を買う" }, "電池"],
  ["B05", { title: "预订周五的火车票" }, "火车票"],
  ["B05", { title: "จองตั๋วรถไฟ" }, "รถไฟ"],
  ["B05", { title: "신문 구독하기" }, "구독"],
  ["B05", { title: "ភ្នំពេញធ្វើដំណើរ" }, "ធ្វើ"],
  ["—", { title: "Приготовить ёлку" }, "елк"],
  ["—", { title: "Straße fegen" }, "STRASSE"],
  ["—", { title: "Fête 👨‍👩‍👧‍👦 au parc" }, "👨‍👩‍👧‍👦"],
  ["—", { title: "תזכורת: שָׁלוֹם" }, "שלום"],
  ["—", { title: "मराठी पुस्तक" }, "पुस्तक"],
  ["—", { title: "Ring O’Brien" }, "obrien"],
  ["—", { title: "I don't" }, "dont"],
  ["—", { title: "Answer the e-mail" }, "email"],
  ["—", { title: "Answer the email" }, "e-mail"],
  ["—", { title: "خرید کتاب" }, "كتاب"],
  ["—", { title: "زنگ به على" }, "علی"],
  ["—", { title: "اتاق ۱۲" }, "12"],
  ["—", { title: "مـــحـــمـــد" }, "ﻣﺤﻤﺪ"],
])("%s: %j is found by %s", async (_row, task, words) => {
  const { as } = await newUser();
  await as.make({ title: "Something else" });
  await as.make(task);
  expect(await as.titles(`?search=${encodeURIComponent(words)}`)).toEqual([task.title]);
});

test("B08: titles in the order of an alphabet", async () => {
  const { as } = await newUser();
  for (const title of ["Übung", "Zebra", "Apfel", "éclair", "Banane"]) await as.make({ title });
  expect(await as.titles("?sort=title")).toEqual(["Apfel", "Banane", "éclair", "Übung", "Zebra"]);
});

test("B11: a name with a blank at its end is no other tag", async () => {
  const { as } = await newUser();
  const answers: number[] = [];
  for (const name of ["Home", "Home ", " Home"]) answers.push((await as.post("/api/tags", { name })).status);
  expect(answers).toEqual([201, 409, 409]);
  expect((await as.get("/api/tags")).body.data).toHaveLength(1);
});

test("B12: a series is moved to another time, this date and all later ones", async () => {
  const { as } = await newUser();
  const task = await as.make({ due_date: "2026-12-02T09:00:00Z", recurring_pattern: "daily" });
  await as.patch(`/api/tasks/${task.id}?scope=following`, { due_date: "2026-12-02T10:00:00Z" });
  expect((await as.post(`/api/tasks/${task.id}/skip`)).body.due_date).toBe("2026-12-03T10:00:00.000Z");
});

test("B20: a blank behind the address, at sign-up, sign-in and for a forgotten password", async () => {
  const password = "correct horse battery";
  const signUp = await api.call("POST", "/api/signup", { body: { email: "ada.b20@example.com ", password } });
  expect([signUp.status, signUp.body.user.email]).toEqual([201, "ada.b20@example.com"]);
  for (const email of ["ada.b20@example.com ", " ada.b20@example.com"])
    expect((await api.call("POST", "/api/signin", { body: { email, password } })).status).toBe(200);
  expect((await api.call("POST", "/api/auth/forgot", { body: { email: "ada.b20@example.com " } })).status).toBe(202);
});

test("a token that may only read can use what only computes", async () => {
  const { person, as } = await newUser();
  const { body } = await as.post("/api/tokens", { name: "reader", scope: "read" });
  const reader = clientOf(api, { ...person, token: body.token });
  const rule = { recurring_pattern: "daily", due_date: "2026-12-02T09:00:00Z", time_zone: "UTC" };
  expect((await reader.post("/api/recurrence/preview", rule)).status).toBe(200);
  expect((await reader.post("/api/tasks/parse", { text: "call mum tomorrow" })).status).toBe(200);
  expect((await reader.post("/api/tasks", { title: "no" })).status).toBe(403);
});
