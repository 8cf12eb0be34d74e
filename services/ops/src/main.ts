import { ConfigError } from "@carillon/kit/config";
import { isDatabaseAway } from "@carillon/kit/database";
import { Problem } from "@carillon/kit/service";
import { type Command, readArguments, UsageError, usage } from "./arguments.ts";
import { backupHere, restoreHere } from "./backup/here.ts";
import { isBrokerAway } from "./broker/connect.ts";
import { findProduct } from "./find-product.ts";
import { provisionDatabase } from "./provision-database.ts";
import { printable, printableJson, type Report } from "./report.ts";
import { runCommand } from "./run-command.ts";

/** One command, then its exit code. */
async function main(given: readonly string[]): Promise<number> {
  if (given.includes("--help") || given.includes("-h")) {
    process.stdout.write(usage);
    return 0;
  }
  const { command, json, dryRun } = readArguments(given);
  const { lines, data, exitCode } = await answer(command, dryRun);
  process.stdout.write(`${json ? printableJson(data) : lines.join("\n")}\n`);
  return exitCode;
}

async function answer(command: Command, dryRun: boolean): Promise<Report> {
  switch (command.kind) {
    case "database provision":
      return provisionDatabase(Bun.env, dryRun);
    case "backup":
      return backupHere(Bun.env, command);
    case "restore":
      return restoreHere(Bun.env, command.from, dryRun);
    default:
      return runCommand(findProduct(Bun.env), command, dryRun);
  }
}

/** One sentence on stderr; 2 for a wrong call, 1 for everything else. */
function fail(error: unknown): number {
  process.stderr.write(`${printable(sentenceOf(error))}\n${error instanceof UsageError ? `\n${usage}` : ""}`);
  return error instanceof UsageError ? 2 : 1;
}

function sentenceOf(error: unknown): string {
  if (error instanceof Problem) return error.detail;
  if (isBrokerAway(error)) return "The broker cannot be reached, or rejects the login of ops; check KAFKA_BROKERS.";
  if (isDatabaseAway(error) && !(error instanceof ConfigError)) return "The database cannot be reached.";
  return error instanceof Error ? error.message : String(error);
}

const given = process.argv.slice(2);
if (given[0] === "serve" && given.length === 1) {
  // A service like the others; loaded only for this command.
  const { startOps } = await import("./serve.ts");
  await startOps();
} else if (given[0] === "smoke" && given.length === 1) {
  const { smokeFrom } = await import("./smoke-from.ts");
  process.exit(await smokeFrom(Bun.env).catch(fail));
} else {
  process.exit(await main(given).catch(fail));
}
