import { expect, test } from "bun:test";
import { readRealtimeConfig } from "./config.ts";

const good = { APP_API_TOKEN: "sixteen letters!" };

test("everything but the token of neighbours has a default", () => {
  const config = readRealtimeConfig(good);
  expect([config.REALTIME_PORT, config.API_URL.href, config.PUBLIC_URL.origin]).toEqual([
    8004,
    "http://localhost:8000/",
    "http://localhost:3000",
  ]);
});

const wrong: [string, Record<string, string>, string][] = [
  ["a missing token", { APP_API_TOKEN: "" }, "APP_API_TOKEN is not set."],
  ["a weak token", { APP_API_TOKEN: "short" }, "APP_API_TOKEN is too weak: it has 5 characters and needs at least 16."],
  ["an address that is none", { API_URL: "api:8000" }, 'API_URL is "api:8000"; it must be an http(s) address.'],
];
for (const [what, settings, sentence] of wrong) {
  test(`${what} stops the start with one sentence`, () => {
    expect(() => readRealtimeConfig({ ...good, ...settings })).toThrow(sentence);
  });
}
