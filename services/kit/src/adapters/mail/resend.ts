import { cleanReason } from "../../consume/clean-reason.ts";
import type { Mailer } from "../../ports.ts";
import { MailFailure, type MailFailureKind } from "./mail-failure.ts";
import { messageIdOf, recipientOf } from "./message.ts";

export type ResendOptions = {
  apiKey: string;
  /** `https://api.resend.com`, or whatever speaks its language. */
  baseUrl: URL;
  from: string;
  fetch: (request: Request) => Promise<Response>;
  timeoutMs?: number;
};

/**
 * Sends mail through Resend's API (https://resend.com/docs/api-reference/emails/send-email) with the key as `Idempotency-Key`: however
 * often a mail is tried, also after its answer got lost, it goes out once (Resend remembers keys for 24 h, as long as we try).
 */
export function resendMailer({ apiKey, baseUrl, from, fetch, timeoutMs = 10_000 }: ResendOptions): Mailer {
  const address = new URL("emails", baseUrl.href.endsWith("/") ? baseUrl : `${baseUrl.href}/`);
  return {
    async send(mail, key) {
      const messageId = messageIdOf(key, from);
      const { subject, text, html } = mail;
      const to = [recipientOf(mail)];
      const headers = { ...mail.headers, "Message-ID": messageId };
      const request = new Request(address, {
        method: "POST",
        headers: { authorization: `Bearer ${apiKey}`, "content-type": "application/json", "idempotency-key": key },
        body: JSON.stringify({ from, to, subject, text, html, headers }),
        redirect: "manual",
        signal: AbortSignal.timeout(timeoutMs),
      });
      const { status, name, retryAfterMs } = await ask(fetch, request);
      // The key is taken by a mail with other words: that one, made before the task was renamed, went out.
      if (status < 300 || (status === 409 && name === "invalid_idempotent_request")) return { messageId };
      throw new MailFailure(kindOf(status), cleanReason(`Resend answered ${status} ${name}`), { retryAfterMs });
    },
  };
}

type Answered = { status: number; name: string; retryAfterMs: number | null };

async function ask(fetch: ResendOptions["fetch"], request: Request): Promise<Answered> {
  try {
    const response = await fetch(request);
    const body: unknown = await response.json().catch(() => null);
    const name = typeof body === "object" && body !== null && "name" in body ? String(body.name) : "";
    const seconds = Number(response.headers.get("retry-after") ?? Number.NaN);
    return { status: response.status, name, retryAfterMs: Number.isFinite(seconds) ? seconds * 1_000 : null };
  } catch (cause) {
    throw new MailFailure("away", "Resend gave no answer", { cause });
  }
}

/** Wrong credentials, an unverified sender and used-up quotas are ours to mend, and no fault of the mail. */
const ours = new Set([401, 403, 408, 425, 429]);

function kindOf(status: number): MailFailureKind {
  if (status === 409) return "later";
  return status >= 400 && status < 500 && !ours.has(status) ? "refused" : "away";
}
