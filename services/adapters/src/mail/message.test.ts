import { expect, test } from "bun:test";
import type { Mail } from "@carillon/kit/ports";
import fc from "fast-check";
import { MailFailure } from "./mail-failure.ts";
import { addressOf, messageBytes, messageIdOf, recipientOf } from "./message.ts";

const from = "Carillon <bells@example.com>";
const date = new Date("2026-11-26T16:00:00Z");
const mail = (more: Partial<Mail> = {}): Mail => ({
  to: "ada@example.com",
  subject: "Submit the report",
  text: "Due in one day.\n",
  html: "<p>Due in one day.</p>",
  headers: { "List-Unsubscribe": "<http://localhost:3000/unsubscribe/x>" },
  ...more,
});
const textOf = (one: Mail): string => messageBytes(one, "rem-1-1", { from, date }).toString();

/** A message as RFC 5322 reads it: unfolded header lines, and the body. */
function parsed(text: string): { headers: string[]; body: string } {
  const end = text.indexOf("\r\n\r\n");
  return {
    headers: text
      .slice(0, end)
      .replace(/\r\n[ \t]/g, " ")
      .split("\r\n"),
    body: text.slice(end + 4),
  };
}
/** Encoded words as RFC 2047 reads them: blanks between two words are none. */
const decodedWords = (value: string): string =>
  value
    .replace(/\?=\s+=\?/g, "?==?")
    .replace(/=\?UTF-8\?B\?([^?]*)\?=/g, (_, base64: string) => Buffer.from(base64, "base64").toString());
const headerOf = (text: string, name: string): string =>
  parsed(text)
    .headers.find((line) => line.startsWith(`${name}: `))
    ?.slice(name.length + 2) ?? "";
/** The content of the first and second part, decoded by RFC 2045 §6.7. */
const partsOf = (text: string): string[] =>
  parsed(text)
    .body.split(/(?:^|\r\n)--=_rem-1-1(?:--)?\r\n/)
    .slice(1, 3)
    .map((part) => {
      const bytes = part
        .slice(part.indexOf("\r\n\r\n") + 4)
        .replace(/=\r\n/g, "")
        .replace(/=([0-9A-F]{2})/g, (_, hex: string) => String.fromCharCode(Number.parseInt(hex, 16)));
      return Buffer.from(bytes, "latin1").toString();
    });

test("a mail is a message with text and HTML that every program reads", () => {
  expect(textOf(mail()).split("\r\n")).toEqual([
    "From: Carillon <bells@example.com>",
    "To: <ada@example.com>",
    "Subject: Submit the report",
    "Message-ID: <rem-1-1@example.com>",
    "Date: Thu, 26 Nov 2026 16:00:00 +0000",
    "MIME-Version: 1.0",
    "List-Unsubscribe: <http://localhost:3000/unsubscribe/x>",
    'Content-Type: multipart/alternative; boundary="=_rem-1-1"',
    "",
    "--=_rem-1-1",
    "Content-Type: text/plain; charset=utf-8",
    "Content-Transfer-Encoding: quoted-printable",
    "",
    "Due in one day.",
    "",
    "--=_rem-1-1",
    "Content-Type: text/html; charset=utf-8",
    "Content-Transfer-Encoding: quoted-printable",
    "",
    "<p>Due in one day.</p>",
    "--=_rem-1-1--",
    "",
  ]);
});

test("the Message-ID is the key's, the same on every try, under the sender's domain", () => {
  expect(messageIdOf("rem-1-1", from)).toBe("<rem-1-1@example.com>");
  expect(messageIdOf("rem-1-1", "bells@example.org")).toBe("<rem-1-1@example.org>");
  expect(messageIdOf("any key\r\nBcc: x", from)).toMatch(/^<[0-9a-f]{64}@example\.com>$/);
});

test("G21: no user text becomes a header, a second recipient, a boundary or a line of the message", () => {
  const hostile = "x\r\nBcc: evil@example.com\r\n\r\n--=_rem-1-1\r\n\u2028\u0085 =?UTF-8?B?ZXZpbA==?= ü";
  const text = textOf(mail({ subject: hostile, text: hostile, html: hostile }));
  expect(parsed(text).headers.map((line) => line.split(":")[0])).toEqual([
    "From",
    "To",
    "Subject",
    "Message-ID",
    "Date",
    "MIME-Version",
    "List-Unsubscribe",
    "Content-Type",
  ]);
  expect(headerOf(text, "To")).toBe("<ada@example.com>");
  expect(text.match(/^--=_rem-1-1/gm)).toHaveLength(3);
  expect(partsOf(text)).toEqual([hostile, hostile]);
});

test.each([
  "ada@example.com>, <evil@example.com",
  "a<b@c>",
  '"x"@y',
  "ada@example.com\r\nBcc: evil@example.com",
  "ada",
  "",
])("G21: mail to %j goes nowhere: it is not an address", (to) => {
  expect(() => recipientOf(mail({ to }))).toThrow(MailFailure);
  expect(() => textOf(mail({ to }))).toThrow("the recipient's address is not an e-mail address");
});

test("an address with a domain of any letters is mailed in ASCII, by headers and envelope alike", () => {
  const to = "ada@münchen.example";
  expect(headerOf(textOf(mail({ to })), "To")).toBe("<ada@xn--mnchen-3ya.example>");
  expect(recipientOf(mail({ to }))).toBe("ada@xn--mnchen-3ya.example");
  expect(addressOf("Glocken <bells@münchen.example>")).toBe("bells@xn--mnchen-3ya.example");
  expect(messageIdOf("k", "Glocken <bells@münchen.example>")).toBe("<k@xn--mnchen-3ya.example>");
});

test("G21: a title that looks like an encoded word is read as what it is", () => {
  const subject = "=?UTF-8?B?ZXZpbA==?=";
  expect(decodedWords(headerOf(textOf(mail({ subject })), "Subject"))).toBe(subject);
});

const oneLine = (text: string): string => text.toWellFormed().replace(/[\p{Cc}\p{Zl}\p{Zp}]+/gu, " ");

test("any subject and any text come back as they were, in lines that every relay accepts", () => {
  const anyText = fc.string({ unit: "grapheme", maxLength: 300 });
  fc.assert(
    fc.property(anyText, anyText, (subject, body) => {
      const text = textOf(mail({ subject, text: body, html: body }));
      if (oneLine(subject) !== "") expect(decodedWords(headerOf(text, "Subject"))).toBe(oneLine(subject));
      const wanted = body.toWellFormed().replace(/\r\n?|\n/g, "\r\n");
      expect(partsOf(text)).toEqual([wanted, wanted]);
      for (const line of text.split("\r\n")) expect(line.length).toBeLessThanOrEqual(76);
      expect(/^[\x20-\x7e\r\n\t]*$/.test(text)).toBe(true);
    }),
    { numRuns: 500 },
  );
});

test("a sender's name may have any letters; its address is the part in angle brackets", () => {
  const text = messageBytes(mail(), "k", { from: '"Glöckner, der" <bells@example.com>', date }).toString();
  expect(decodedWords(headerOf(text, "From"))).toBe("Glöckner, der <bells@example.com>");
  expect([addressOf(from), addressOf("bells@example.com")]).toEqual(["bells@example.com", "bells@example.com"]);
});
