import { folderMailer, resendMailer, smtpMailer } from "@carillon/kit/adapters/mail";
import { ConfigError } from "@carillon/kit/config";
import type { Clock, Mailer } from "@carillon/kit/ports";
import type { NotificationConfig } from "./config.ts";

export type Transport = {
  mailer: Mailer;
  /** How many mails it is given at once, by each of two loops. */
  width: number;
  /** What mail goes through, for the log. */
  name: "resend" | "smtp" | "folder";
  close(): void;
};

type Surroundings = { folder: string; clock: Clock };

/** Resend where there is a key, else SMTP where there is a host, else a folder of `.eml` files. */
export function chooseMailer(config: NotificationConfig, { folder, clock }: Surroundings): Transport {
  const from = config.MAIL_FROM ?? "Carillon <bells@carillon.invalid>";
  if (config.RESEND_API_KEY) {
    const mailer = resendMailer({ apiKey: config.RESEND_API_KEY, baseUrl: config.RESEND_BASE_URL, from });
    return { mailer, width: 5, name: "resend", close() {} };
  }
  if (config.SMTP_HOST) {
    const { SMTP_HOST: host, SMTP_PORT: port, SMTP_USERNAME: username, SMTP_PASSWORD: password } = config;
    const mailer = smtpMailer({ host, port, username, password, from, clock });
    return { mailer, width: 5, name: "smtp", close: mailer.close };
  }
  return { mailer: inFolder(config.DATA_DIR, { folder, from, clock }), width: 25, name: "folder", close() {} };
}

function inFolder(dataDir: string, options: Parameters<typeof folderMailer>[0]): Mailer {
  try {
    return folderMailer(options);
  } catch {
    throw new ConfigError(
      `DATA_DIR is "${dataDir}", where mail cannot be kept; set another, or RESEND_API_KEY or SMTP_HOST to send it.`,
    );
  }
}
