import { cleanReason } from "@carillon/events/consume";
import { within } from "@carillon/kit/loop";
import type { Clock, Mailer } from "@carillon/kit/ports";
import { createTransport } from "nodemailer";
import { MailFailure } from "./mail-failure.ts";
import { addressOf, messageBytes, messageIdOf, recipientOf } from "./message.ts";

export type SmtpOptions = {
  host: string;
  /** 465 speaks TLS from the start; every other port upgrades with STARTTLS if the server offers it. */
  port: number;
  /** Without a user there is no sign-in. With one, TLS is required, except on this machine. */
  username: string | null;
  password: string | null;
  from: string;
  clock: Clock;
  /** Certificates to trust besides the system's, in PEM. */
  trusted?: string;
  /** Maximum silence of the server; a whole mail may take three times as long. */
  silenceMs?: number;
};

const loopback = /^(localhost|127\.\d+\.\d+\.\d+|::1)$/;

/**
 * Hands mail to an SMTP relay over a few kept connections. SMTP has no idempotency key: after a lost
 * answer a mail may go out twice, with the same Message-ID.
 */
export function smtpMailer(options: SmtpOptions): Mailer & { close(): void } {
  const { host, port, username, password, from, clock, trusted, silenceMs = 5_000 } = options;
  const transport = createTransport({
    pool: true,
    maxConnections: 10,
    // Only the ledger decides what is sent again.
    maxRequeues: 0,
    host,
    port,
    secure: port === 465,
    requireTLS: port !== 465 && username !== null && !loopback.test(host),
    ...(username === null ? {} : { auth: { user: username, pass: password ?? "" } }),
    connectionTimeout: silenceMs,
    greetingTimeout: silenceMs,
    dnsTimeout: silenceMs,
    socketTimeout: silenceMs,
    idleTimeout: 30_000,
    ...(trusted === undefined ? {} : { tls: { ca: trusted } }),
  });
  return {
    async send(mail, key) {
      try {
        const raw = messageBytes(mail, key, { from, date: clock.now() });
        const envelope = { from: addressOf(from), to: [recipientOf(mail)] };
        await within(3 * silenceMs, "the SMTP server", transport.sendMail({ envelope, raw }));
        return { messageId: messageIdOf(key, from) };
      } catch (error) {
        throw failureOf(error);
      }
    },
    close: () => transport.close(),
  };
}

/** Commands whose rejection concerns this mail; earlier rejections concern us. */
const aboutTheMail = /^(RCPT TO|DATA)/;

function failureOf(error: unknown): MailFailure {
  if (error instanceof MailFailure) return error;
  const reason = cleanReason(error instanceof Error ? error.message : String(error));
  const code = error instanceof Error && "responseCode" in error ? Number(error.responseCode) : 0;
  const command = error instanceof Error && "command" in error ? String(error.command) : "";
  const concernsTheMail = aboutTheMail.test(command) && code >= 400 && code !== 421;
  if (!concernsTheMail) return new MailFailure("away", reason, { cause: error });
  const isNoMailbox = command.startsWith("RCPT TO") && isGone(code, reason);
  return new MailFailure(code >= 500 ? "refused" : "later", reason, { isNoMailbox, cause: error });
}

/**
 * Policies (5.7.x), full mailboxes (5.2.2) and relays that do not know us say 550 as well, and not that an address is wrong;
 * 5.1.7 and 5.1.8 are about the sender's, which many servers check only here (RFC 3463).
 */
function isGone(code: number, reason: string): boolean {
  const [, subject, detail] = /\b5\.(\d{1,3})\.(\d{1,3})\b/.exec(reason) ?? [];
  if (subject === undefined) return code === 550 && /no such|unknown|does not exist/i.test(reason);
  return subject === "1" && detail !== "7" && detail !== "8";
}
