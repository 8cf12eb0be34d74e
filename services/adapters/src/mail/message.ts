import { mailAddress } from "@carillon/contracts/http/email";
import type { Mail } from "@carillon/kit/ports";
import { MailFailure } from "./mail-failure.ts";

/**
 * The Message-ID of the mail of this key (RFC 5322 §3.6.4), the same on every try, so that mailboxes
 * recognise a second copy. Its right side is the sender's own domain.
 */
export function messageIdOf(key: string, from: string): string {
  const domain = /@([A-Za-z0-9.-]+)$/.exec(addressOf(from))?.[1] ?? "carillon.invalid";
  return `<${fileSafe(key)}@${domain}>`;
}

/** The key if it is plain already, else a digest of it: fit for a file's name and a Message-ID. */
export const fileSafe = (key: string): string =>
  /^[a-z0-9][a-z0-9-]{0,99}$/.test(key) ? key : new Bun.CryptoHasher("sha256").update(key).digest("hex");

/** The bare address of `Carillon <bells@example.com>` or of one without a name, its domain in ASCII. */
export function addressOf(mailbox: string): string {
  const bare = /<([^<>]*)>\s*$/.exec(mailbox)?.[1] ?? mailbox.trim();
  return mailAddress(bare) ?? bare;
}

/**
 * The recipient, as headers and envelope name it: the same grammar as at sign-up, so that the mailed
 * address is the stored one.
 * @throws MailFailure "refused" for text that is not an address.
 */
export function recipientOf({ to }: Mail): string {
  const address = mailAddress(to);
  if (address === null) throw new MailFailure("refused", "the recipient's address is not an e-mail address");
  return address;
}

/**
 * The mail on the wire: RFC 5322 headers, text and HTML as multipart/alternative in quoted-printable.
 * User text cannot leave its place: headers lose line breaks and are encoded (RFC 2047), and no
 * encoded line can look like a boundary, because none contains `=`.
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

/** A name with special characters is written as encoded words; the address stays as it is. */
function mailbox(from: string): string {
  const name =
    /^(.*)<[^<>]*>\s*$/
      .exec(from)?.[1]
      ?.trim()
      .replace(/^"(.*)"$/, "$1") ?? "";
  if (name === "") return `<${addressOf(oneLine(from))}>`;
  return `${/^[A-Za-z0-9 ]{1,50}$/.test(name) ? name : encodedWords(oneLine(name))} <${addressOf(oneLine(from))}>`;
}

/**
 * Plain text if short and plain, else encoded words (RFC 2047): text that looks like one already would
 * be read as one.
 */
function words(text: string): string {
  const line = oneLine(text);
  return /^[\x21-\x7e](?:[\x20-\x7e]{0,60}[\x21-\x7e])?$/.test(line) && !line.includes("=?")
    ? line
    : encodedWords(line);
}

/** Bytes per encoded word so that the header line stays within 76 characters. */
const wordBytes = 39;

function encodedWords(text: string): string {
  const chunks: string[] = [];
  let chunk = "";
  // By whole characters: an encoded word must not split one.
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

/** RFC 2045 §6.7, in lines of at most 76 characters. */
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
