import { join } from "node:path";

/** What the terminal shows once the product answers: one address, and where things land. */
export function welcome({ publicUrl, dataDir, demo }: { publicUrl: URL; dataDir: string; demo: string[] }): string {
  const lines = [
    `Carillon is ready at ${publicUrl.href}`,
    `  data in ${dataDir}`,
    `  mail in ${join(dataDir, "mail")}`,
    ...demo.map((line) => `  ${line}`),
    "  Ctrl-C stops it.",
  ];
  return `\n${lines.join("\n")}\n`;
}
