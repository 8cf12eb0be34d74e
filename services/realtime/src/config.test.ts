import { expect, test } from "bun:test";
import { readRealtimeConfig } from "./config.ts";

const good = { APP_API_TOKEN: "sixteen letters!" };

test("everything but the neighbours' token has a default", () => {
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
  ["an invalid address", { API_URL: "api:8000" }, 'API_URL is "api:8000"; it must be an http(s) address.'],
  ["an address with a path", { API_URL: "http://api:8000/v1" }, "without a path"],
  ["a page that is not an origin", { CORS_ORIGINS: "https://a.example/" }, 'CORS_ORIGINS names "https://a.example/"'],
  ["no port at all", { DAPR_HTTP_PORT: "0" }, 'DAPR_HTTP_PORT is "0"; it must be a whole number from 1 to 65535.'],
  ["a weak sidecar's token", { DAPR_API_TOKEN: "x" }, "DAPR_API_TOKEN is too weak: it has 1 characters"],
];
for (const [what, settings, sentence] of wrong) {
  test(`${what} stops the start with one sentence`, () => {
    expect(() => readRealtimeConfig({ ...good, ...settings })).toThrow(sentence);
  });
}
