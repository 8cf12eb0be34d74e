import MailComposer from "nodemailer/lib/mail-composer";
import type { Mail } from "../../ports.ts";

/**
 * The Message-ID of the mail of this key (RFC 5322 §3.6.4), the same on every try, so that mailboxes know a second copy. Its right side is the
 * sender's own domain.
 */
export function messageIdOf(key: string, from: string): string {
  const domain = /@([A-Za-z0-9.-]+)>?\s*$/.exec(from)?.[1] ?? "carillon.invalid";
  return `<${fileSafe(key)}@${domain}>`;
}

/** The key where it is plain already, else a digest of it: fit for a file's name and a Message-ID. */
export const fileSafe = (key: string): string =>
  /^[a-z0-9][a-z0-9-]{0,99}$/.test(key) ? key : new Bun.CryptoHasher("sha256").update(key).digest("hex");

/** What nodemailer is given for a mail: nothing in it is read from a file or an address, whatever the mail says. */
export const composed = (mail: Mail, key: string, { from, date }: { from: string; date: Date }) => ({
  from,
  to: { name: "", address: mail.to },
  subject: mail.subject,
  text: mail.text,
  html: mail.html,
  headers: mail.headers,
  messageId: messageIdOf(key, from),
  date,
  disableFileAccess: true,
  disableUrlAccess: true,
});

/** The mail as bytes (RFC 5322, MIME multipart/alternative). */
export const messageBytes = (mail: Mail, key: string, sender: { from: string; date: Date }): Promise<Buffer> =>
  new MailComposer(composed(mail, key, sender)).compile().build();
