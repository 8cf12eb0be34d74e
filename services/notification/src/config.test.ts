import { expect, test } from "bun:test";
import { readNotificationConfig } from "./config.ts";

const enough = { DATABASE_URL: "postgres://u:p@localhost/carillon", APP_API_TOKEN: "a-token-of-the-sidecar" };
const read = (more: Record<string, string>) => readNotificationConfig({ ...enough, ...more });

test("without any setting for mail it is written to a folder", () => {
  expect(read({})).toMatchObject({ RESEND_API_KEY: null, SMTP_HOST: null, SMTP_PORT: 587, MAIL_FROM: null });
});

test.each([
  [{ RESEND_API_KEY: "re_x" }, "MAIL_FROM is not set; say from whom mail comes"],
  [{ SMTP_HOST: "mail.example.com" }, "MAIL_FROM is not set; say from whom mail comes"],
  [{ SMTP_HOST: "m", MAIL_FROM: "a@b.c", SMTP_USERNAME: "u" }, "SMTP_USERNAME and SMTP_PASSWORD go together"],
  [{ MAIL_FROM: "no-address" }, 'MAIL_FROM is "no-address"; it must be an address'],
  [{ MAIL_FROM: "A <a@b.c>\r\nBcc: x@y.z" }, "it must be an address"],
  [{ SMTP_PORT: "0" }, "SMTP_PORT"],
  [{ RESEND_BASE_URL: "ftp://x" }, "RESEND_BASE_URL"],
  [{ APP_API_TOKEN: "short" }, "APP_API_TOKEN"],
] as [Record<string, string>, string][])("%j does not start, and says why", (more, sentence) => {
  expect(() => read(more)).toThrow(sentence);
});

test("a secret may come from a file, as every secret may", () => {
  expect(() => read({ RESEND_API_KEY_FILE: "/nowhere/at/all" })).toThrow("RESEND_API_KEY_FILE names /nowhere/at/all");
});
