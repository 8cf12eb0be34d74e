import { exportFormats } from "@carillon/contracts/http/transfer";
import { notFound } from "@carillon/kit/service";
import { respond } from "../door/respond.ts";
import type { Visit } from "../door/visit.ts";

/** `GET /settings/export?format=`: api's own export, as a file named after the day. */
export async function exportTasks(visit: Visit): Promise<Response> {
  const asked = visit.url.searchParams.get("format") ?? "json";
  const format = exportFormats.find((name) => name === asked);
  if (!format) throw notFound();
  // Excel reads a table as UTF-8 only with the mark.
  const response = await visit.api.exportTasks({ format, ...(format === "csv" ? { bom: true } : {}) });
  const day = visit.now.toISOString().slice(0, 10);
  return respond(response.body, {
    headers: {
      "content-type": response.headers.get("content-type") ?? "application/octet-stream",
      "content-disposition": `attachment; filename="carillon-${day}.${format}"`,
    },
  });
}
