import { TaskExport } from "@carillon/contracts/http/transfer";
import { Elysia } from "elysia";

/** The schema of the export's JSON, as text: `GET /schemas/export.v1.json`, and a file of the documents. */
export const exportSchema = (): string =>
  `${JSON.stringify(
    {
      $schema: "https://json-schema.org/draft/2020-12/schema",
      $id: "urn:carillon:export:v1",
      title: "Carillon export, version 1",
      ...TaskExport,
    },
    null,
    2,
  )}\n`;

export const exportSchemaRoute = () =>
  new Elysia().get(
    "/schemas/export.v1.json",
    () => new Response(exportSchema(), { headers: { "content-type": "application/schema+json" } }),
    { detail: { hide: true } },
  );
