import { maxImportBytes } from "@carillon/contracts/http/transfer";
import { parseJson, readBytes } from "@carillon/kit/http";
import { invalid, Problem } from "@carillon/kit/service";
import type { ImportFile, Reader } from "./item.ts";
import { explainSize } from "./scan-json.ts";
import { readCalendar } from "./sources/icalendar.ts";
import { readJson } from "./sources/json.ts";
import { readTable } from "./sources/table.ts";

const mediaTypes = ["application/json", "text/csv", "text/calendar"] as const;
type MediaType = (typeof mediaTypes)[number];

/** A file as it came: JSON as its value, everything else as text. */
export type SentFile = { mediaType: MediaType; content: unknown; digest: string };

/**
 * The request's file. @throws Problem 415 for another kind, 413 when it is larger, 400 when it is no UTF-8 or no JSON,
 * 422 when reading it would cost too much.
 */
export async function receiveFile(request: Request): Promise<SentFile> {
  const sent = (request.headers.get("content-type") ?? "").split(";")[0]?.trim().toLowerCase();
  const mediaType = mediaTypes.find((name) => name === sent);
  if (!mediaType) {
    const list = mediaTypes.join(", ");
    throw new Problem("unsupported_media_type", `Send the file with one of these types: ${list}.`, {
      headers: { accept: list },
    });
  }
  const bytes = await readBytes(request, maxImportBytes);
  const size = mediaType === "application/json" ? explainSize(bytes) : null;
  if (size !== null) throw invalid({ pointer: "", detail: `The file ${size}.` });
  const digest = new Bun.CryptoHasher("sha256").update(bytes).digest("hex");
  return { mediaType, content: mediaType === "application/json" ? parseJson(bytes) : textOf(bytes), digest };
}

function textOf(bytes: Uint8Array): string {
  try {
    return new TextDecoder("utf-8", { fatal: true }).decode(bytes);
  } catch (cause) {
    throw new Problem("malformed", "The file is not UTF-8. Save it as UTF-8 and send it again.", { cause });
  }
}

/** The file's tasks, whatever program wrote it. @throws Problem 422 for a file that is none of those known. */
export function readFile({ mediaType, content }: Omit<SentFile, "digest">, reader: Reader): ImportFile {
  if (mediaType === "text/csv") return readTable(String(content), reader);
  if (mediaType === "text/calendar") return readCalendar(String(content), reader);
  return readJson(content, reader);
}
