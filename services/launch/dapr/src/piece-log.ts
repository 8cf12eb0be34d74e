import { existsSync, mkdirSync, openSync, readFileSync, renameSync, statSync } from "node:fs";
import { join } from "node:path";

const mostLogBytes = 10 * 1024 * 1024;

const fileOf = (dataDir: string, name: string): string => join(dataDir, "logs", `${name}.log`);

/** An open file for a piece's output, which the caller closes. The folder may have been deleted. */
export function openLog(dataDir: string, name: string): number {
  mkdirSync(join(dataDir, "logs"), { recursive: true });
  return openSync(fileOf(dataDir, name), "a", 0o600);
}

/** Starts a new file when the last one has grown large; one old one is kept. */
export function shortenLog(dataDir: string, name: string): void {
  const file = fileOf(dataDir, name);
  if (existsSync(file) && statSync(file).size > mostLogBytes) renameSync(file, `${file}.old`);
}

/** The last lines of a piece's output, and where the whole of it is. */
export function tailOfLog(dataDir: string, name: string): string {
  const file = fileOf(dataDir, name);
  const lines = readFileSync(file, "utf8").trimEnd().split("\n").slice(-5).join("\n");
  return `${lines || "it printed nothing"}\nIts whole output is in ${file}.`;
}
