import { ExportQuery, TaskExport } from "@carillon/contracts/http/transfer";
import { describe, readQuery, streamedResponse } from "@carillon/kit/http";
import { invalid } from "@carillon/kit/service";
import { Elysia } from "elysia";
import { callerOf } from "../../auth/caller.ts";
import { requireRecentProof } from "../../auth/index.ts";
import type { ApiDeps } from "../../deps.ts";
import { csvParts } from "./csv-parts.ts";
import { icsParts } from "./ics-parts.ts";
import { jsonParts } from "./json-parts.ts";
import { started } from "./started.ts";
import { wholeParts } from "./whole-parts.ts";

export const exportTasksRoute = (deps: ApiDeps) =>
  new Elysia().get(
    "/api/tasks/export",
    async ({ request }) => {
      const { format = "json", bom } = readQuery(request, ExportQuery);
      if (bom !== undefined && format !== "csv") throw invalid({ pointer: "bom", detail: "goes with format=csv" });
      const caller = callerOf(request);
      requireRecentProof(deps, caller);
      const { userId } = caller;
      const parts: AsyncGenerator<string | Uint8Array<ArrayBuffer>> = {
        json: () => jsonParts(deps, userId),
        csv: () => csvParts(deps, userId, { bom: bom ?? false }),
        ics: () => icsParts(deps, userId),
        zip: () => wholeParts(deps, userId),
      }[format]();
      const day = deps.clock.now().toISOString().slice(0, 10);
      return streamedResponse(await started(parts), {
        headers: {
          "content-type": mediaTypes[format],
          "content-disposition": `attachment; filename="carillon-${day}.${format}"`,
          "cache-control": "private, no-store",
        },
      });
    },
    {
      parse: "none",
      detail: describe({
        summary: "Everything in your account, as a file",
        description:
          "JSON holds everything, trash and completed tasks included, and is made to be read back; its schema is at /schemas/export.v1.json. CSV is a table for spreadsheets, ICS to-dos for calendars, ZIP all of them with the history, the conversations and the account; it is 503 while the history cannot be read. In a session it asks for a recent proof: 403 proof_required, then POST /api/auth/proof.",
        tag: "Import and export",
        query: ExportQuery,
        answers: { 200: TaskExport },
        texts: ["text/csv", "text/calendar", "application/zip"],
      }),
    },
  );

const mediaTypes = {
  json: "application/json; charset=utf-8",
  csv: "text/csv; charset=utf-8; header=present",
  ics: "text/calendar; charset=utf-8",
  zip: "application/zip",
} as const;
