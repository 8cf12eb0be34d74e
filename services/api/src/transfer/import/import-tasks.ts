import { Imported, ImportQuery } from "@carillon/contracts/http/transfer";
import { answer, describe, readQuery } from "@carillon/kit/http";
import { Problem } from "@carillon/kit/service";
import { Elysia } from "elysia";
import { callerOf } from "../../auth/caller.ts";
import type { Change } from "../../change/change.ts";
import { answerOnce } from "../../change/idempotency.ts";
import { inBatch } from "../../change/in-batch.ts";
import { readInput } from "../../change/read-input.ts";
import type { ApiDeps } from "../../deps.ts";
import { saveChangedTasks, saveNewTasks } from "../../tasks/index.ts";
import { type ImportFile, maxNamed, type RowError } from "./item.ts";
import { planImport } from "./plan-import.ts";
import { readFile, receiveFile } from "./read-file.ts";
import { translatedRules } from "./translated-rules.ts";

export const importTasksRoute = (deps: ApiDeps) =>
  new Elysia().post(
    "/api/tasks/import",
    async ({ request }) => {
      const { timeZone } = callerOf(request);
      const reader = { timeZone, now: deps.clock.now() };
      const read = async () => {
        const sent = await receiveFile(request);
        return { ...sent, dryRun: readQuery(request, ImportQuery).dry_run ?? false, file: readFile(sent, reader) };
      };
      const { file, digest, mediaType, dryRun } = await readInput(request, read, undefined, ImportQuery);
      return answerOnce(deps, request, { mediaType, digest }, async (change) =>
        answer(200, await importTasks(change, file, dryRun)),
      );
    },
    {
      parse: "none",
      detail: describe({
        summary: "Import a file: all of it, or nothing",
        description:
          "Takes an export of Carillon (JSON, CSV), of Todoist or TickTick (CSV), of Microsoft To Do, Vikunja or Super Productivity (JSON), and a calendar's to-dos (ICS). A task of yours becomes what Carillon's own file says of it; what other programs' files brought before is passed over. With `dry_run` nothing is written.",
        tag: "Import and export",
        query: ImportQuery,
        answers: { 200: Imported },
        errors: [400, 408, 409, 413, 415],
        headers: { "Idempotency-Key": "Repeats give the first answer again, for 24 h." },
      }),
    },
  );

/** @throws Problem 422 naming the rows that cannot be imported, when there are any. */
function refuse(errors: readonly RowError[]): void {
  if (errors.length === 0) return;
  const rows = new Set(errors.map(({ row }) => row)).size;
  const what = rows === 1 ? "1 row" : errors.length >= maxNamed ? `${rows} rows or more` : `${rows} rows`;
  throw new Problem("invalid", `${what} cannot be imported, so nothing was changed.`, {
    errors: errors.slice(0, maxNamed),
  });
}

/** What the file did, or would do. Every task is a change of its own; all share a batch. */
export async function importTasks(change: Change, file: ImportFile, dryRun: boolean): Promise<Imported> {
  const takeBack = change.mark();
  const batchId = change.newId();
  const batch = inBatch(change, batchId);
  const plan = await planImport(batch, file);
  refuse([...file.errors, ...plan.errors].toSorted((one, other) => one.row - other.row));
  const { made, changed, tags } = plan;
  for (const { state } of made) if (!state.row.deleted_at) change.count("tasks", 1);
  for (const { before, after } of changed)
    change.count("tasks", Number(after.row.deleted_at === null) - Number(before.row.deleted_at === null));
  if (dryRun) {
    change.count("tags", tags.made);
    takeBack();
  } else {
    await tags.make();
    await saveNewTasks(batch, made);
    await saveChangedTasks(batch, changed);
  }
  return {
    created: made.length,
    updated: changed.length,
    skipped: file.items.length - made.length - changed.length,
    source: file.source,
    dry_run: dryRun,
    batch_id: dryRun || made.length + changed.length + tags.made === 0 ? null : batchId,
    lost: file.lost,
    ...translatedRules(file, plan),
  };
}
