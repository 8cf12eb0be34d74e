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

const provider = { OIDC_ISSUER: "https://login.example.com", OIDC_CLIENT_ID: "carillon", OIDC_CLIENT_SECRET: "secret" };

test("a sign-in provider is three settings, and a name for its button", () => {
  expect(readApiConfig(good).oidc).toBeNull();
  expect(readApiConfig({ ...good, ...provider }).oidc).toMatchObject({
    clientId: "carillon",
    name: "login.example.com",
  });
  expect(readApiConfig({ ...good, ...provider, OIDC_NAME: "Example" }).oidc?.name).toBe("Example");
  const here = { ...provider, OIDC_ISSUER: "http://127.0.0.1:9000" };
  expect(readApiConfig({ ...good, ...here }).oidc?.issuer.port).toBe("9000");
});

const wrong: [string, Record<string, string>, string][] = [
  ["a missing database", { DATABASE_URL: "" }, "DATABASE_URL is not set."],
  ["a missing secret", { JWT_SECRET: "" }, "JWT_SECRET is not set."],
  ["a weak secret", { JWT_SECRET: "short" }, "JWT_SECRET is too weak: it has 5 characters and needs at least 32."],
  ["a missing token", { APP_API_TOKEN: "" }, "APP_API_TOKEN is not set."],
  ["a page that is not an origin", { CORS_ORIGINS: "app.example.com" }, 'CORS_ORIGINS names "app.example.com"'],
  [
    "a provider without its secret",
    { ...provider, OIDC_CLIENT_SECRET: "" },
    "OIDC_ISSUER, OIDC_CLIENT_ID and OIDC_CLIENT_SECRET",
  ],
  ["a provider's secret alone", { OIDC_CLIENT_SECRET: "secret" }, "set all three or none."],
  [
    "a provider without TLS",
    { ...provider, OIDC_ISSUER: "http://login.example.com" },
    'OIDC_ISSUER is "http://login.example.com/"',
  ],
  ["a provider's address that is none", { ...provider, OIDC_ISSUER: "login" }, 'OIDC_ISSUER is "login"'],
  ["a provider's name that is a text", { ...provider, OIDC_NAME: "x".repeat(41) }, "OIDC_NAME must have at most 40"],
  ["one topic for two kinds of events", { REMINDERS_TOPIC: "task-events" }, "must name different topics."],
];
for (const [what, settings, sentence] of wrong) {
  test(`G26: ${what} stops the start with one sentence`, () => {
    expect(() => readApiConfig({ ...good, ...settings })).toThrow(sentence);
  });
}
