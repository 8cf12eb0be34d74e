import { expect, test } from "bun:test";
import { ConfigError } from "@carillon/kit/config";
import { readAuditConfig } from "./config.ts";

const complete = {
  DATABASE_URL: "postgres://audit:pw@db/carillon",
  APP_API_TOKEN: "a-token-of-the-sidecar",
  AUDIT_KEY: "a key of thirty-two letters, or more",
};

test("three settings are enough; the rest has a default", () => {
  expect(readAuditConfig(complete)).toMatchObject({
    HOST: "0.0.0.0",
    AUDIT_PORT: 8003,
    STATE_STORE_NAME: "statestore",
  });
});

const wrong: [string, Record<string, string>][] = [
  ["DATABASE_URL is not set.", { APP_API_TOKEN: complete.APP_API_TOKEN }],
  ["DATABASE_URL must look like postgres://", { ...complete, DATABASE_URL: "audit.db" }],
  ["APP_API_TOKEN is not set.", { DATABASE_URL: complete.DATABASE_URL }],
  ["APP_API_TOKEN is too weak", { ...complete, APP_API_TOKEN: "short" }],
  ["AUDIT_KEY is not set.", { ...complete, AUDIT_KEY: "" }],
  ["AUDIT_KEY is too weak", { ...complete, AUDIT_KEY: "short" }],
  ['AUDIT_PORT is "eight"', { ...complete, AUDIT_PORT: "eight" }],
];
for (const [sentence, environment] of wrong) {
  test(`G26: ${sentence}`, () => {
    expect(() => readAuditConfig(environment)).toThrow(ConfigError);
    expect(() => readAuditConfig(environment)).toThrow(sentence);
  });
}
