import { localState } from "@carillon/kit/adapters/local/state";
import { ConfigError } from "@carillon/kit/config";
import { connect, isDatabaseAway, type Sql } from "@carillon/kit/db";
import type { SchemaName } from "@carillon/kit/roles";
import { type Command, type Request, readArguments, UsageError, usage } from "./arguments.ts";
import { verifyAudit } from "./audit.ts";
import { dropDeadLetter, listDeadLetters, replayDeadLetters, showDeadLetter } from "./dead-letters.ts";
import { findProduct, type Product } from "./find-product.ts";
import { reportOutbox } from "./outbox.ts";
import { printable, printableJson, type Report } from "./report.ts";

const clock = { now: () => new Date() };
const open: Sql[] = [];

function run(product: Product, command: Command, dryRun: boolean): Promise<Report> {
  const sqlOf = (schema: SchemaName): Sql => {
    const sql = connect(product.urlOf(schema), { max: 1, name: "ops" });
    open.push(sql);
    return sql;
  };
  const deadLetters = () => ({ bus: sqlOf("bus"), state: localState({ sql: sqlOf("state"), clock }) });
  switch (command.kind) {
    case "dlq list":
      return listDeadLetters(deadLetters());
    case "dlq show":
      return showDeadLetter(deadLetters(), command.id);
    case "dlq replay":
      return replayDeadLetters(deadLetters(), command.id, dryRun);
    case "dlq drop":
      return dropDeadLetter(deadLetters(), command.id, dryRun);
    case "outbox":
      return reportOutbox(sqlOf("api"));
    case "audit verify": {
      const { auditUrl, appToken } = product;
      const fetchFrom = (request: globalThis.Request): Promise<Response> => fetch(request);
      return verifyAudit(
        { audit: sqlOf("audit"), auditUrl, appToken: appToken(), fetch: fetchFrom, sleep: Bun.sleep },
        command.user,
      );
    }
  }
}

async function main(given: readonly string[]): Promise<number> {
  if (given.includes("--help") || given.includes("-h")) {
    process.stdout.write(usage);
    return 0;
  }
  const { command, json, dryRun }: Request = readArguments(given);
  const { lines, data, exitCode } = await run(findProduct(Bun.env), command, dryRun);
  process.stdout.write(`${json ? printableJson(data) : lines.join("\n")}\n`);
  return exitCode;
}

/** One sentence on stderr; 2 for a wrong call, 1 for everything else. */
function fail(error: unknown): number {
  const message = error instanceof Error ? error.message : String(error);
  const sentence =
    isDatabaseAway(error) && !(error instanceof ConfigError) ? "The database cannot be reached." : message;
  process.stderr.write(`${printable(sentence)}\n${error instanceof UsageError ? `\n${usage}` : ""}`);
  return error instanceof UsageError ? 2 : 1;
}

const exitCode = await main(process.argv.slice(2)).catch(fail);
await Promise.all(open.map((sql) => sql.end({ timeout: 1 })));
process.exit(exitCode);
