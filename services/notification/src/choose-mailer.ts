import { folderMailer, resendMailer, smtpMailer } from "@carillon/adapters/mail";
import { ConfigError } from "@carillon/kit/config";
import type { Clock, Mailer } from "@carillon/kit/ports";
import type { NotificationConfig } from "./config.ts";

export type Transport = {
  mailer: Mailer;
  /** Mails handed over in parallel by each of the two loops. */
  width: number;
  /** The transport's name for the log. */
  name: "resend" | "smtp" | "folder";
  close(): void;
};

type Surroundings = { folder: string; clock: Clock };

/** Resend if a key is set, else SMTP if a host is set, else a folder of `.eml` files. */
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
