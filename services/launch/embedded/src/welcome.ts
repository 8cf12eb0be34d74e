import { join } from "node:path";
import type { Transport } from "@carillon/notification/choose-mailer";

type Welcome = { publicUrl: URL; dataDir: string; mail: Transport["name"]; demo: string[] };

const mailGoes = { resend: "mail through Resend", smtp: "mail through SMTP" } as const;

/** The terminal's message once the product answers: one address, and where data and mail are. */
export function welcome({ publicUrl, dataDir, mail, demo }: Welcome): string {
  const lines = [
    `Carillon is ready at ${publicUrl.href}`,
    `  data in ${dataDir}`,
    `  ${mail === "folder" ? `mail in ${join(dataDir, "mail")}` : mailGoes[mail]}`,
    ...demo.map((line) => `  ${line}`),
    "  Ctrl-C stops it.",
  ];
  return `\n${lines.join("\n")}\n`;
}
