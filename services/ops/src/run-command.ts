import { daprInvoker, daprState } from "@carillon/adapters/dapr";
import { localState } from "@carillon/adapters/local";
import { ConfigError } from "@carillon/kit/config";
import { connect, type SchemaName, type Sql } from "@carillon/kit/database";
import type { Command } from "./arguments.ts";
import { type AuditDeps, rebuildAudit, verifyAudit } from "./audit.ts";
import { connectBroker, withAdmin } from "./broker/connect.ts";
import { bothBoxes } from "./dead-letters/both-boxes.ts";
import { dropDeadLetter, listDeadLetters, replayDeadLetters, showDeadLetter } from "./dead-letters/commands.ts";
import { embeddedLetterBox } from "./dead-letters/embedded-box.ts";
import { kafkaLetterBox } from "./dead-letters/kafka-box.ts";
import type { LetterBox } from "./dead-letters/letter-box.ts";
import { parkedRows } from "./dead-letters/parked-rows.ts";
import type { DaprProduct, Product } from "./find-product.ts";
import { historianHere, historianThere } from "./historian.ts";
import { reportOutbox } from "./outbox.ts";
import { reportDueReminders } from "./reminders.ts";
import type { Report } from "./report.ts";
import { applyTopics } from "./topics/apply-topics.ts";
import { type Keeper, keeperHere, keeperThere, lookAfterUser } from "./users.ts";
import { reportZones } from "./zones/report-zones.ts";
import { updateZones } from "./zones/update-zones.ts";

/** A command that asks the running product. */
export type ProductCommand = Exclude<Command, { kind: "database provision" | "backup" | "restore" }>;

/** The result of a command. Its connections are closed afterwards. */
export async function runCommand(product: Product, command: ProductCommand, dryRun: boolean): Promise<Report> {
  const open: Sql[] = [];
  const sqlOf = (schema: SchemaName): Sql => {
    const sql = connect(product.urlOf(schema), { max: 1, name: "ops" });
    open.push(sql);
    return sql;
  };
  try {
    return await run({ product, sqlOf, dryRun }, command);
  } finally {
    await Promise.all(open.map((sql) => sql.end({ timeout: 1 })));
  }
}

type Context = { product: Product; sqlOf: (schema: SchemaName) => Sql; dryRun: boolean };

async function run({ product, sqlOf, dryRun }: Context, command: ProductCommand): Promise<Report> {
  const box = (): LetterBox => bothBoxes(letterBox(product, sqlOf), () => parkedRows({ api: sqlOf("api") }));
  switch (command.kind) {
    case "dlq list":
      return listDeadLetters(box(), { all: command.all, ...limitOf(command) });
    case "dlq show":
      return showDeadLetter(box(), command.id);
    case "dlq replay":
      return replayDeadLetters(box(), command.id, { dryRun, ...limitOf(command) });
    case "dlq drop":
      return dropDeadLetter(box(), command.id, dryRun);
    case "outbox":
      return reportOutbox(sqlOf("api"));
    case "reminders due":
      return reportDueReminders({ api: sqlOf("api"), notification: sqlOf("notification") }, command.limit ?? undefined);
    case "audit verify":
      return verifyAudit(auditDeps(product, sqlOf), command.user);
    case "audit rebuild":
      return rebuildAudit(auditDeps(product, sqlOf), command.user, command.acceptLoss);
    case "zones":
      return reportZones(sqlOf("api"));
    case "zones update":
      return updateZones({ api: sqlOf("api"), file: command.file, dryRun });
    case "users":
      return lookAfterUser(keeperOf(product, sqlOf), command.act, command.email);
    case "topics apply":
      return topicsOf(product, dryRun);
  }
}

const limitOf = ({ limit }: { limit: number | null }) => (limit === null ? {} : { limit });

const fetchFrom = (request: Request): Promise<Response> => fetch(request);

const sidecarOf = ({ sidecar, daprToken }: DaprProduct) => ({ sidecar, daprToken, fetch: fetchFrom });

function letterBox(product: Product, sqlOf: Context["sqlOf"]): LetterBox {
  if (product.kind === "embedded") {
    return embeddedLetterBox({ bus: sqlOf("bus"), state: localState({ sql: sqlOf("state") }) });
  }
  const to = sidecarOf(product);
  const state = daprState({ ...to, store: product.names.stateStore });
  return kafkaLetterBox({ kafka: connectBroker(product.broker), state, invoke: daprInvoker(to), names: product.names });
}

function auditDeps(product: Product, sqlOf: Context["sqlOf"]): AuditDeps {
  const [api, audit] = [sqlOf("api"), sqlOf("audit")];
  const historian =
    product.kind === "embedded"
      ? historianHere({ api, audit, keys: product.auditKeys() })
      : historianThere(daprInvoker(sidecarOf(product)));
  return { api, audit, historian, sleep: Bun.sleep };
}

const keeperOf = (product: Product, sqlOf: Context["sqlOf"]): Keeper =>
  product.kind === "embedded" ? keeperHere(sqlOf("api")) : keeperThere(daprInvoker(sidecarOf(product)));

async function topicsOf(product: Product, dryRun: boolean): Promise<Report> {
  if (product.kind === "embedded")
    throw new ConfigError("KAFKA_BROKERS is not set; a product without a broker has no topics to apply.");
  const { broker, replication, names } = product;
  return withAdmin(connectBroker(broker), (admin) => applyTopics(admin, { replication, dryRun, names }));
}
