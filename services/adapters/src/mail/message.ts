import { mailAddress } from "@carillon/contracts/http/email";
import type { Mail } from "@carillon/kit/ports";
import { MailFailure } from "./mail-failure.ts";

/**
 * The Message-ID of the mail of this key (RFC 5322 §3.6.4), the same on every try, so that mailboxes know a second copy. Its right side is the
 * sender's own domain.
 */
export function messageIdOf(key: string, from: string): string {
  const domain = /@([A-Za-z0-9.-]+)$/.exec(addressOf(from))?.[1] ?? "carillon.invalid";
  return `<${fileSafe(key)}@${domain}>`;
}

/** The key where it is plain already, else a digest of it: fit for a file's name and a Message-ID. */
export const fileSafe = (key: string): string =>
  /^[a-z0-9][a-z0-9-]{0,99}$/.test(key) ? key : new Bun.CryptoHasher("sha256").update(key).digest("hex");

/** The bare address of `Carillon <bells@example.com>` or of one without a name, its domain in ASCII. */
export function addressOf(mailbox: string): string {
  const bare = /<([^<>]*)>\s*$/.exec(mailbox)?.[1] ?? mailbox.trim();
  return mailAddress(bare) ?? bare;
}

/**
 * Where the mail goes, as headers and envelope name it: the same grammar as at sign-up, so that what is stored is what is mailed.
 * @throws MailFailure "refused" for what is no address.
 */
export function recipientOf({ to }: Mail): string {
  const address = mailAddress(to);
  if (address === null) throw new MailFailure("refused", "the recipient's address is no e-mail address");
  return address;
}

/**
 * The mail as it travels: RFC 5322 headers, text and HTML as multipart/alternative in quoted-printable. What people wrote cannot leave
 * its place: headers lose line breaks and are encoded (RFC 2047), and no encoded line can look like a boundary, for `=` stands in none.
 */
export function messageBytes(mail: Mail, key: string, { from, date }: { from: string; date: Date }): Buffer {
  const boundary = `=_${fileSafe(key)}`;
  const lines = [
    `From: ${mailbox(from)}`,
    `To: <${recipientOf(mail)}>`,
    `Subject: ${words(mail.subject)}`,
    `Message-ID: ${messageIdOf(key, from)}`,
    `Date: ${date.toUTCString().replace("GMT", "+0000")}`,
    "MIME-Version: 1.0",
    ...Object.entries(mail.headers).map(([name, value]) => `${oneLine(name)}: ${oneLine(value)}`),
    `Content-Type: multipart/alternative; boundary="${boundary}"`,
    "",
    ...part(boundary, "text/plain", mail.text),
    ...part(boundary, "text/html", mail.html),
    `--${boundary}--`,
    "",
  ];
  return Buffer.from(lines.join("\r\n"));
}

const part = (boundary: string, type: string, content: string): string[] => [
  `--${boundary}`,
  `Content-Type: ${type}; charset=utf-8`,
  "Content-Transfer-Encoding: quoted-printable",
  "",
  quotedPrintable(content),
];

const oneLine = (text: string): string => text.replace(/[\p{Cc}\p{Zl}\p{Zp}]+/gu, " ");

/** A name with signs of its own meaning is written as words; the address stays as it is. */
function mailbox(from: string): string {
  const name =
    /^(.*)<[^<>]*>\s*$/
      .exec(from)?.[1]
      ?.trim()
      .replace(/^"(.*)"$/, "$1") ?? "";
  if (name === "") return `<${addressOf(oneLine(from))}>`;
  return `${/^[A-Za-z0-9 ]{1,50}$/.test(name) ? name : encodedWords(oneLine(name))} <${addressOf(oneLine(from))}>`;
}

/** Plain where it is short and plain, encoded words (RFC 2047) elsewhere: what looks like one already would be read as one. */
function words(text: string): string {
  const line = oneLine(text);
  return /^[\x21-\x7e](?:[\x20-\x7e]{0,60}[\x21-\x7e])?$/.test(line) && !line.includes("=?")
    ? line
    : encodedWords(line);
}

/** So many bytes a word that it stands, with the header's name before it, in a line of 76 signs. */
const wordBytes = 39;

function encodedWords(text: string): string {
  const chunks: string[] = [];
  let chunk = "";
  // By whole characters: a word must not end in the middle of one.
  for (const character of text.toWellFormed()) {
    if (Buffer.byteLength(chunk + character) > wordBytes) {
      chunks.push(chunk);
      chunk = "";
    }
    chunk += character;
  }
  chunks.push(chunk);
  return chunks.map((one) => `=?UTF-8?B?${Buffer.from(one).toString("base64")}?=`).join("\r\n ");
}

/** RFC 2045 §6.7, in lines of at most 76 signs. */
function quotedPrintable(text: string): string {
  return text.toWellFormed().replace(/\r\n?/g, "\n").split("\n").map(quotedLine).join("\r\n");
}

function quotedLine(line: string): string {
  const bytes = Buffer.from(line);
  let quoted = "";
  let width = 0;
  for (const [at, byte] of bytes.entries()) {
    const isBlank = (byte === 0x20 || byte === 0x09) && at < bytes.length - 1;
    const isPlain = isBlank || (byte >= 0x21 && byte <= 0x7e && byte !== 0x3d);
    const sign = isPlain ? String.fromCharCode(byte) : `=${byte.toString(16).toUpperCase().padStart(2, "0")}`;
    if (width + sign.length > 75) {
      quoted += "=\r\n";
      width = 0;
    }
    quoted += sign;
    width += sign.length;
  }
  return quoted;
}
