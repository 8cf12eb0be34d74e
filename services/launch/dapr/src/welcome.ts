import { join } from "node:path";
import type { ServiceName } from "@carillon/contracts/names";
import type { Started } from "./product.ts";
import { host } from "./settings.ts";

export type Welcome = Started & {
  publicUrl: URL;
  dataDir: string;
  portOf(service: ServiceName): number;
  environment: Readonly<Record<string, string | undefined>>;
};

/** The terminal's message once everything is up. */
export function welcome({ publicUrl, dataDir, zipkinUrl, brokers, opsFile, portOf, environment }: Welcome): string {
  const mail = environment.RESEND_API_KEY
    ? "mail through Resend"
    : environment.SMTP_HOST
      ? "mail through SMTP"
      : `mail in ${join(dataDir, "mail")}`;
  const lines = [
    `Carillon is ready at ${publicUrl.href}`,
    `  api at http://${host}:${portOf("api")}/docs, broker at ${brokers}`,
    `  ${zipkinUrl ? `traces at ${zipkinUrl}` : "no traces: STACK_DIR has no Zipkin"}`,
    `  data in ${dataDir}, output of each process in ${join(dataDir, "logs")}`,
    `  ${mail}`,
    `  for operators: bun --env-file=${opsFile} run ops dlq list`,
    "  Ctrl-C stops it.",
  ];
  return `\n${lines.join("\n")}\n`;
}
