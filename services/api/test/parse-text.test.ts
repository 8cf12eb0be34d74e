import { afterAll, beforeAll, describe, expect, test } from "bun:test";
import { type Harness, type Person, startApi } from "./harness.ts";

let api: Harness;
let ada: Person;
beforeAll(async () => {
  api = await startApi();
  ada = await api.signUp({ time_zone: "Europe/Berlin" });
});
afterAll(() => api.close());

const monday = "2026-11-30T10:30:00+01:00";
const parse = (body: unknown, headers: Record<string, string> = {}, token = ada.token) =>
  api.call("POST", "/api/tasks/parse", { token, body, headers });

const rent = "pay rent every month on the 1st at 9 !high #home remind 1 day before";

describe("POST /api/tasks/parse", () => {
  test("returns the task a line means, its pieces, and the next dates", async () => {
    const { status, body } = await parse({ text: rent, now: monday });
    expect(status).toBe(200);
    expect(body).toMatchObject({
      title: "pay rent",
      due_date: "2026-12-01T08:00:00.000Z",
      time_zone: "Europe/Berlin",
      all_day: false,
      recurring_pattern: "FREQ=MONTHLY;BYMONTHDAY=1",
      priority: "high",
      tags: ["home"],
      reminders: [{ before: "1d" }],
      reasons: [],
    });
    expect(body.pieces.map(({ text }: { text: string }) => text)).toEqual([
      "every month on the 1st",
      "at 9",
      "!high",
      "#home",
      "remind 1 day before",
    ]);
    expect(body.preview).toHaveLength(5);
    expect(body.preview[0]).toBe(body.due_date);
  });

  test("its fields create the task that was meant", async () => {
    const { title, due_date, time_zone, all_day, recurring_pattern, priority, tags, reminders } = (
      await parse({ text: rent })
    ).body;
    const made = await api.call("POST", "/api/tasks", {
      token: ada.token,
      body: { title, due_date, time_zone, all_day, recurring_pattern, priority, tags, reminders },
    });
    expect(made.status).toBe(201);
    expect(made.body).toMatchObject({ title: "pay rent", due_date, priority: "high", is_recurring: true });
    expect(made.body.recurrence.text).toBe("every month on the 1st");
  });

  test("what was not understood is absent, and nothing is written", async () => {
    const { body } = await parse({ text: "buy milk" });
    expect(body).toEqual({ title: "buy milk", pieces: [], reasons: [], preview: [] });
    expect((await parse({ text: "no date" })).body.due_date).toBeNull();
    const list = await api.call("GET", "/api/tasks?search=milk", { token: ada.token });
    expect(list.body.data).toEqual([]);
  });

  test("zone, moment and language are the caller's unless the body names them", async () => {
    const inTokyo = await parse({ text: "tomorrow 9am", now: monday, time_zone: "Asia/Tokyo" });
    expect(inTokyo.body.due_date).toBe("2026-12-01T00:00:00.000Z");
    const german = await parse({ text: "morgen um 9 Uhr", now: monday, language: "de" });
    expect(german.body.due_date).toBe("2026-12-01T08:00:00.000Z");
    const accepted = await parse({ text: "morgen um 9 Uhr", now: monday }, { "accept-language": "de-DE,en;q=0.5" });
    expect(accepted.body.due_date).toBe(german.body.due_date);
    expect((await parse({ text: "morgen um 9 Uhr", now: monday })).body.due_date).toBeUndefined();
    const clock = await parse({ text: "in 2 hours" });
    expect(clock.body.due_date).toBe(new Date(api.clock.now().getTime() + 7_200_000).toISOString());
  });

  test("the same body gets the same answer", async () => {
    const body = { text: rent, now: monday };
    expect((await parse(body)).body).toEqual((await parse(body)).body);
  });

  test("a read-only token may ask, under either address", async () => {
    const made = await api.call("POST", "/api/tokens", { token: ada.token, body: { name: "reader", scope: "read" } });
    const answer = await parse({ text: "call mum tomorrow" }, {}, made.body.token);
    expect(answer.status).toBe(200);
    const alias = await api.call("POST", `/api/${ada.user.id}/tasks/parse`, {
      token: made.body.token,
      body: { text: "call mum tomorrow" },
    });
    expect(alias.body).toEqual(answer.body);
    const write = await api.call("POST", "/api/tasks", { token: made.body.token, body: { title: "no" } });
    expect(write.status).toBe(403);
  });

  test.each([
    ["not text", {}, "/text"],
    ["an empty one", { text: "" }, "/text"],
    ["blanks", { text: " \n " }, "/text"],
    ["1 001 characters", { text: "x".repeat(1_001) }, "/text"],
    ["a number", { text: 5 }, "/text"],
    ["a control character", { text: "a\u0000b" }, "/text"],
    ["a character that reorders text", { text: "a\u202eb" }, "/text"],
    ["half a character", { text: "a\ud800" }, "/text"],
    ["an unknown field", { text: "x", zone: "UTC" }, "/zone"],
    ["no zone's name", { text: "x", time_zone: "Mars/Olympus" }, "/time_zone"],
    ["a bare date as the moment", { text: "x", now: "2026-11-30" }, "/now"],
    ["another language", { text: "x", language: "fr" }, "/language"],
  ])("%s is rejected with a pointer", async (_, body, pointer) => {
    const { status, body: problem } = await parse(body);
    expect(status).toBe(422);
    expect(problem.errors.map((error: { pointer: string }) => error.pointer)).toContain(pointer);
  });

  test("1 000 characters of any kind are read, and several lines are one task", async () => {
    expect((await parse({ text: "🛒".repeat(1_000) })).status).toBe(200);
    const { body } = await parse({ text: "first line\nsecond line tomorrow", now: monday });
    expect(body.title).toBe("first line second line");
  });

  test("unauthenticated callers, other types and unknown query parameters are rejected as everywhere", async () => {
    expect((await api.call("POST", "/api/tasks/parse", { body: { text: "x" } })).status).toBe(401);
    const query = await api.call("POST", "/api/tasks/parse?x=1", { token: ada.token, body: { text: "x" } });
    expect(query.status).toBe(422);
    expect((await parse({ text: "x" }, { "idempotency-key": "ü" })).status).toBe(400);
  });
});

describe("how a user writes", () => {
  const settings = (person: Person, body?: unknown) =>
    api.call(body === undefined ? "GET" : "PATCH", "/api/auth/me", { token: person.token, ...(body ? { body } : {}) });
  const line = (person: Person, text: string, headers: Record<string, string> = {}) =>
    parse({ text, now: monday }, headers, person.token);
  const usual = {
    language: null,
    date_order: "dmy",
    hour_cycle: "h23",
    week_start: "monday",
    day_parts: { morning: "09:00", afternoon: "15:00", evening: "19:00", night: "21:00" },
  };

  test("decides what 3/4, next Sunday and tomorrow morning are, and which language is read first", async () => {
    const eve = await api.signUp({ time_zone: "Europe/Berlin" });
    expect((await settings(eve)).body).toMatchObject(usual);
    expect((await line(eve, "on 3/4")).body.due_date).toBe("2027-04-02T22:00:00.000Z");
    expect((await line(eve, "next sunday")).body.due_date).toBe("2026-12-12T23:00:00.000Z");
    const changed = {
      language: "de",
      date_order: "mdy",
      hour_cycle: "h12",
      week_start: "sunday",
      day_parts: { morning: "07:30" },
    };
    const { body } = await settings(eve, changed);
    expect(body).toMatchObject({ ...changed, day_parts: { ...usual.day_parts, morning: "07:30" } });
    expect((await settings(eve)).body).toEqual(body);
    expect((await line(eve, "am 3/4")).body.due_date).toBe("2027-03-03T23:00:00.000Z");
    expect((await line(eve, "nächsten Sonntag")).body.due_date).toBe("2026-12-05T23:00:00.000Z");
    expect((await line(eve, "morgen früh", { "accept-language": "en" })).body.due_date).toBe(
      "2026-12-01T06:30:00.000Z",
    );
  });

  test("what is absent stays, and null is the usual again", async () => {
    const eve = await api.signUp({});
    await settings(eve, { date_order: "mdy", hour_cycle: "h12", day_parts: { evening: "18:00", night: "22:00" } });
    const kept = (await settings(eve, { day_parts: { evening: "18:30" } })).body;
    expect(kept).toMatchObject({
      date_order: "mdy",
      hour_cycle: "h12",
      day_parts: { evening: "18:30", night: "22:00" },
    });
    const none = { language: null, date_order: null, hour_cycle: null, week_start: null, day_parts: null };
    expect((await settings(eve, none)).body).toMatchObject(usual);
  });

  test.each([
    ["/language", { language: "fr" }],
    ["/date_order", { date_order: "ymd" }],
    ["/week_start", { week_start: 1 }],
    ["/hour_cycle", { hour_cycle: "12" }],
    ["/day_parts/morning", { day_parts: { morning: "24:00" } }],
    ["/day_parts/noon", { day_parts: { noon: "12:00" } }],
  ])("what is none is refused at %s", async (pointer, body) => {
    const refused = await settings(ada, body);
    expect(refused.status).toBe(422);
    expect(refused.body.errors[0].pointer).toBe(pointer);
  });

  test("holds for the tools of chat and programs as well", async () => {
    const eve = await api.signUp({ time_zone: "Europe/Berlin" });
    await settings(eve, { language: "de", day_parts: { evening: "18:15" } });
    const call = { token: eve.token, body: { message: "Mama anrufen übermorgen Abend" } };
    expect((await api.call("POST", "/api/chat", call)).body.actions[0].due_local).toEndWith("18:15");
  });
});
