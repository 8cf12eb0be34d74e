import { expect, test } from "bun:test";
import { readApiConfig } from "./config.ts";

const good = {
  DATABASE_URL: "postgres://api:secret@127.0.0.1:5432/carillon",
  JWT_SECRET: "thirty-two letters and some more!",
  APP_API_TOKEN: "sixteen letters!",
};

test("three settings are enough, and the optional ones have a default", () => {
  const config = readApiConfig(good);
  expect([config.API_PORT, config.DAPR_HTTP_PORT, config.DAPR_API_TOKEN, config.CORS_ORIGINS]).toEqual([
    8000,
    3500,
    "",
    [],
  ]);
});

const wrong: [string, Record<string, string>, string][] = [
  ["a missing database", { DATABASE_URL: "" }, "DATABASE_URL is not set."],
  ["a missing secret", { JWT_SECRET: "" }, "JWT_SECRET is not set."],
  ["a weak secret", { JWT_SECRET: "short" }, "JWT_SECRET is too weak: it has 5 characters and needs at least 32."],
  ["a missing token", { APP_API_TOKEN: "" }, "APP_API_TOKEN is not set."],
  ["a page that is not an origin", { CORS_ORIGINS: "app.example.com" }, 'CORS_ORIGINS names "app.example.com"'],
  ["one topic for two kinds of events", { REMINDERS_TOPIC: "task-events" }, "must name different topics."],
];
for (const [what, settings, sentence] of wrong) {
  test(`G26: ${what} stops the start with one sentence`, () => {
    expect(() => readApiConfig({ ...good, ...settings })).toThrow(sentence);
  });
}
