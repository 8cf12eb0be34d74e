import { afterAll, expect, test } from "bun:test";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { folderMailer } from "@carillon/adapters/mail";
import type { SendClaim } from "@carillon/contracts/http/reminders";
import type { Mail } from "@carillon/kit/ports";
import { reminderMail } from "./reminder-mail.ts";

const taskId = "0199a8c2-7f3e-7b61-9d4c-3a5e8f102b77";
const publicUrl = new URL("https://carillon.example");
const planned = new Date("2026-11-26T16:00:00Z");

type More = { task?: Partial<SendClaim["task"]>; user?: Partial<SendClaim["user"]> };
const claim = ({ task = {}, user = {} }: More = {}): SendClaim => ({
  id: taskId,
  generation: 1,
  outcome: "send",
  remind_at: planned.toISOString(),
  user: { id: taskId, email: "ada@example.com", name: "Ada", time_zone: "Europe/Berlin", ...user },
  task: {
    id: taskId,
    title: "Submit the report",
    due_date: "2026-11-27T16:00:00.000Z",
    all_day: false,
    time_zone: "America/New_York",
    ...task,
  },
  unsubscribe_token: "t0k-en_",
});
const mailOf = (more: More = {}, now = planned, url = publicUrl) => reminderMail(claim(more), { publicUrl: url, now });

test("a mail says what is due and when in its reader's zone, and has one link", () => {
  const mail = mailOf();
  expect(mail.to).toBe("ada@example.com");
  expect(mail.subject).toBe("Submit the report: due in one day (Friday 17:00)");
  expect(mail.text).toBe(
    [
      "Submit the report",
      "Due in one day (Friday 17:00).",
      "Friday 27 November 2026, 17:00 (Europe/Berlin).",
      `https://carillon.example/tasks/${taskId}`,
      "You asked Carillon to remind you of this.\n",
    ].join("\n\n"),
  );
  expect(mail.html).toContain("Due in one day (Friday 17:00).");
  expect(mail.html).toContain("Friday 27 November 2026, 17:00 (Europe/Berlin).");
  for (const part of [mail.text, mail.html])
    expect(part.match(/https?:\/\/[^"\s<]+/g)).toEqual([`https://carillon.example/tasks/${taskId}`]);
});

test("B19: a mail writes times and dates as its reader does on the pages", () => {
  const mail = mailOf({ user: { hour_cycle: "h12", date_order: "mdy" } });
  expect(mail.subject).toBe("Submit the report: due in one day (Friday 5:00 PM)");
  expect(mail.text).toContain("Friday, November 27, 2026, 5:00 PM (Europe/Berlin).");
  const late = mailOf({ user: { hour_cycle: "h12", date_order: "mdy" } }, new Date("2026-11-28T16:00:00Z"));
  expect(late.subject).toBe("Submit the report: was due one day ago (Friday, November 27, 5:00 PM)");
  const day = { all_day: true, due_date: "2026-12-23T23:00:00.000Z", time_zone: "Europe/Berlin" };
  expect(mailOf({ task: day, user: { date_order: "mdy" } }).text).toContain("\n\nThursday, December 24, 2026.\n\n");
});

test("B10: a title has the direction of its own script", () => {
  expect(mailOf({ task: { title: "اتصل بالبنك 14:00!" } }).html).toMatch(/<h1 dir="auto"[^>]*>اتصل بالبنك 14:00!</);
});

test("unsubscribing is one click, in the headers and nowhere else", () => {
  const mail = mailOf();
  expect(mail.headers).toEqual({
    "List-Unsubscribe": "<https://carillon.example/unsubscribe/t0k-en_>",
    "List-Unsubscribe-Post": "List-Unsubscribe=One-Click",
    "Auto-Submitted": "auto-generated",
  });
  expect(mail.text + mail.html).not.toContain("t0k-en_");
});

test("links keep the path of an address that has one", () => {
  for (const address of ["https://example.com/carillon", "https://example.com/carillon/"]) {
    const mail = mailOf({}, planned, new URL(address));
    expect(mail.text).toContain(`\nhttps://example.com/carillon/tasks/${taskId}\n`);
    expect(mail.headers["List-Unsubscribe"]).toBe("<https://example.com/carillon/unsubscribe/t0k-en_>");
  }
});

test("a slightly late mail says what was true when it was due, a very late one what is true now", () => {
  expect(mailOf({}, new Date("2026-11-26T16:09:59Z")).subject).toContain("due in one day (");
  expect(mailOf({}, new Date("2026-11-26T19:00:00Z")).subject).toContain("due in 21 hours (");
});

test("a whole day is in the task's zone, wherever its reader is", () => {
  const mail = mailOf({ task: { all_day: true, due_date: "2026-11-27T05:00:00.000Z" } });
  expect(mail.subject).toBe("Submit the report: due tomorrow (Friday)");
  expect(mail.text).toContain("\n\nFriday 27 November 2026.\n\n");
});

test("a task without a date can still have a reminder", () => {
  const mail = mailOf({ task: { due_date: null } });
  expect(mail.subject).toBe("Reminder: Submit the report");
  expect(mail.text).toStartWith("Submit the report\n\nhttps://");
});

const folder = mkdtempSync(join(tmpdir(), "carillon-mail-"));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** The mail as its transport writes it. */
async function sentInto(into: string, mail: Mail): Promise<string> {
  const key = crypto.randomUUID();
  const mailer = folderMailer({ folder: into, from: "Carillon <bells@example.com>", clock: { now: () => planned } });
  await mailer.send(mail, key);
  return readFileSync(join(into, `${key}.eml`), "utf8");
}

const hostile = [
  "<script>alert(1)</script>\"'&amp;",
  "x\r\nBcc: evil@example.com\r\n\r\nhello",
  "\u2028Bcc: evil@example.com\u0085X: y",
  '"><img src=x onerror=alert(1)>',
  "=?UTF-8?B?ZXZpbA==?= https://evil.example",
  "%0d%0aBcc: evil@example.com {{7*7}} #{7*7}",
  "\ud800 half a character",
];
test.each(hostile)("G21: a title is text in every part of a mail, never markup or a header: %j", async (title) => {
  const mail = mailOf({ task: { title } });
  expect(mail.subject).not.toMatch(/[\p{Cc}\p{Zl}\p{Zp}]/u);
  const tags = mail.html.match(/<[^>]+>/g)?.map((tag) => /^<\/?([a-z!0-9]+)/.exec(tag)?.[1]);
  const clean = mailOf()
    .html.match(/<[^>]+>/g)
    ?.map((tag) => /^<\/?([a-z!0-9]+)/.exec(tag)?.[1]);
  expect(tags).toEqual(clean);
  const message = await sentInto(folder, mail);
  const headers = message.slice(0, message.indexOf("\r\n\r\n")).replace(/\r\n[ \t]/g, " ");
  expect(headers.split("\r\n").map((line) => line.split(":")[0])).toEqual([
    "From",
    "To",
    "Subject",
    "Message-ID",
    "Date",
    "MIME-Version",
    "List-Unsubscribe",
    "List-Unsubscribe-Post",
    "Auto-Submitted",
    "Content-Type",
  ]);
});
