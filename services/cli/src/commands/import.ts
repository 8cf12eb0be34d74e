import { openSync } from "node:fs";
import { extname, resolve } from "node:path";
import { type Imported, maxImportBytes } from "@carillon/contracts/http/transfer";
import { randomUUIDv7 } from "bun";
import { Failure, UsageError } from "../exit.ts";
import { noteStep } from "../kept/steps.ts";
import { printable } from "../terminal/printable.ts";
import { isGiven, optionOf, type Run } from "./command.ts";

const mediaTypes: Record<string, string> = { json: "application/json", csv: "text/csv", ics: "text/calendar" };

/** The product has a minute for as large a file as it takes. */
const importTimeoutMs = 120_000;

export async function importTasks(run: Run): Promise<void> {
  const { world, client, screen, given } = run;
  const name = given.words[0] ?? "";
  const bytes = await readAll(run, name);
  const kind = optionOf(run, "type") ?? extname(name).slice(1).toLowerCase();
  const type = mediaTypes[kind];
  if (type === undefined) throw new UsageError("Say what the file is: --type json, csv or ics.");
  const isDry = isGiven(run, "dry-run");
  const done = await client.json<Imported>("/api/tasks/import", {
    method: "POST",
    file: { bytes, type },
    query: isDry ? { dry_run: true } : {},
    headers: { "idempotency-key": randomUUIDv7() },
    timeoutMs: importTimeoutMs,
  });
  if (done.batch_id && !isDry)
    noteStep(run.store, client.account.key, {
      say: `import of ${name === "-" ? "standard input" : name}`,
      batch: done.batch_id,
    });
  if (screen.json) return screen.data(done);
  await sayImported(run, done);
  if (!isDry && world.columns !== null && done.batch_id) screen.note("carillon undo takes it back.");
}

async function sayImported(
  { screen }: Run,
  { created, updated, skipped, source, dry_run, lost, recurrences, repeating }: Imported,
) {
  await screen.line(
    `${dry_run ? "Would import" : "Imported"} (${source}): ${created} created, ${updated} updated, ${skipped} skipped`,
  );
  for (const { field, detail, rows, first_row } of lost)
    await screen.line(
      printable(`  lost: ${field} in ${rows} ${rows === 1 ? "row" : "rows"}, first in row ${first_row}: ${detail}`),
    );
  for (const { title, source: words, text } of recurrences)
    await screen.line(printable(`  repeats: ${title}: ${words} → ${text}`));
  if (repeating > recurrences.length) await screen.line(`  and ${repeating - recurrences.length} more that repeat`);
}

async function readAll({ world }: Run, name: string): Promise<Uint8Array<ArrayBuffer>> {
  const parts: Uint8Array[] = [];
  let bytes = 0;
  try {
    for await (const part of name === "-"
      ? world.input()
      : Bun.file(openSync(resolve(world.folder, name), "r")).stream()) {
      bytes += part.length;
      if (bytes > maxImportBytes)
        throw new UsageError(`A file to import has at most ${maxImportBytes / 1024 / 1024} MiB; split it.`);
      parts.push(part);
    }
  } catch (error) {
    if (error instanceof Failure) throw error;
    throw new Failure("failure", `${name} cannot be read: ${error instanceof Error ? error.message : error}`);
  }
  return new Uint8Array(Buffer.concat(parts));
}
