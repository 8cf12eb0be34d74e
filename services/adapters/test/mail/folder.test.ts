import { afterEach, expect, test } from "bun:test";
import { mkdtempSync, readdirSync, readFileSync, rmSync, utimesSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { folderMailer } from "../../src/mail/folder.ts";

const folders: string[] = [];
afterEach(() => {
  for (const folder of folders.splice(0)) rmSync(folder, { recursive: true, force: true });
});
function newFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), "carillon-mail-"));
  folders.push(folder);
  return folder;
}

const clock = { now: () => new Date() };
const from = "Carillon <bells@example.com>";
const mail = (subject: string) => ({ to: "ada@example.com", subject, text: "t", html: "h", headers: {} });

test("a mail is one file, named after its key, readable by its owner only", async () => {
  const folder = join(newFolder(), "mail");
  const sent = await folderMailer({ folder, from, clock }).send(mail("Ring"), "rem-1-1");
  expect(sent).toEqual({ messageId: "<rem-1-1@example.com>" });
  expect(readdirSync(folder)).toEqual(["rem-1-1.eml"]);
  expect(readFileSync(join(folder, "rem-1-1.eml"), "utf8")).toContain("Subject: Ring\r\n");
});

test("the same key again, also with other words and from twenty callers at once, is the same file", async () => {
  const folder = newFolder();
  const mailers = [1, 2].map(() => folderMailer({ folder, from, clock }));
  await Promise.all(Array.from({ length: 20 }, (_, at) => mailers[at % 2]?.send(mail(`Try ${at}`), "rem-1-1")));
  await mailers[0]?.send(mail("Much later"), "rem-1-1");
  expect(readdirSync(folder)).toEqual(["rem-1-1.eml"]);
  expect(readFileSync(join(folder, "rem-1-1.eml"), "utf8")).toMatch(/^Subject: Try \d+\r$/m);
});

test("a key that would lead elsewhere leads nowhere", async () => {
  const folder = newFolder();
  await folderMailer({ folder, from, clock }).send(mail("x"), "../../etc/passwd");
  expect(readdirSync(folder)).toEqual([expect.stringMatching(/^[0-9a-f]{64}\.eml$/)]);
});

test("a killed process's partial file is removed, one that another process is writing is not", () => {
  const folder = newFolder();
  writeFileSync(join(folder, ".old.half"), "x");
  writeFileSync(join(folder, ".fresh.half"), "x");
  const longAgo = new Date(Date.now() - 120_000);
  utimesSync(join(folder, ".old.half"), longAgo, longAgo);
  folderMailer({ folder, from, clock });
  expect(readdirSync(folder)).toEqual([".fresh.half"]);
});

test("an unwritable folder is a provider that is away", async () => {
  const folder = newFolder();
  const mailer = folderMailer({ folder, from, clock });
  rmSync(folder, { recursive: true });
  await expect(mailer.send(mail("x"), "rem-1-1")).rejects.toMatchObject({ name: "MailFailure", kind: "away" });
});
