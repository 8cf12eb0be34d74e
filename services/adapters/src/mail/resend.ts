import { cleanReason } from "@carillon/events/consume";
import type { Mailer } from "@carillon/kit/ports";
import { Resend } from "resend";
import { MailFailure, type MailFailureKind } from "./mail-failure.ts";
import { messageIdOf, recipientOf } from "./message.ts";

export type ResendOptions = {
  apiKey: string;
  /** `https://api.resend.com`, or any server with the same API. */
  baseUrl: URL;
  from: string;
  timeoutMs?: number;
};

/**
 * Mail through Resend's own client, with the key as `Idempotency-Key`: however often a mail is tried,
 * also after a lost answer, it goes out once (Resend remembers keys for 24 h, as long as we retry).
 */
export function resendMailer({ apiKey, baseUrl, from, timeoutMs = 10_000 }: ResendOptions): Mailer {
  const client = new Resend(apiKey, { baseUrl: baseUrl.href.replace(/\/+$/, "") });
  return {
    async send(mail, key) {
      const messageId = messageIdOf(key, from);
      const { subject, text, html } = mail;
      const headers = { ...mail.headers, "Message-ID": messageId };
      const signal = AbortSignal.timeout(timeoutMs);
      // The client passes unknown options to fetch: with "manual" no redirect takes mail and key
      // elsewhere.
      const options = { idempotencyKey: key, signal, redirect: "manual" };
      const answer = await client.emails.send({ from, to: [recipientOf(mail)], subject, text, html, headers }, options);
      if (answer.data) return { messageId };
      const { status, name } = refusalOf(answer.error);
      // The key belongs to a mail with other words: that one, made before the task was renamed, went out.
      if (status === 409 && name === "invalid_idempotent_request") return { messageId };
      if (status === null) throw new MailFailure("away", "Resend gave no answer", { cause: signal.reason });
      const retryAfterMs = retryAfterOf(answer.headers?.["retry-after"]);
      // The client's name for an unreadable answer: a proxy's page says nothing about this mail.
      const kind = name === "application_error" ? "away" : kindOf(status);
      throw new MailFailure(kind, cleanReason(`Resend answered ${status} ${name}`), { retryAfterMs });
    },
  };
}

/** Resend's own rejection. The client passes on any JSON: without a status in it, it comes from a proxy. */
function refusalOf(error: unknown): { status: number | null; name: string } {
  if (typeof error !== "object" || error === null) return { status: null, name: "" };
  const status = "statusCode" in error && typeof error.statusCode === "number" ? error.statusCode : null;
  return { status, name: "name" in error ? String(error.name) : "" };
}

function retryAfterOf(header: string | undefined): number | null {
  const seconds = Number(header ?? Number.NaN);
  return Number.isFinite(seconds) ? seconds * 1_000 : null;
}

/** Wrong credentials, an unverified sender and exhausted quotas are ours to fix, and not the mail's fault. */
const ours = new Set([401, 403, 408, 425, 429]);

function kindOf(status: number): MailFailureKind {
  if (status === 409) return "later";
  return status >= 400 && status < 500 && !ours.has(status) ? "refused" : "away";
}
