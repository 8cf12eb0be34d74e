import { maxImportBytes } from "@carillon/contracts/http/transfer";
import { isUuid, readBytes } from "@carillon/kit/http";
import { notFound, Problem } from "@carillon/kit/service";

/**
 * Maximum size of a form, in bytes: the edit form contains a description of 20 000 characters twice,
 * percent-encoded.
 */
const formLimitBytes = 1024 * 1024;

const forms = new WeakMap<Request, URLSearchParams>();

/**
 * The fields of a posted form. Browsers send line ends as CRLF; here they are LF, as typed.
 * @throws Problem 415 for another media type, 413 above 1 MiB.
 */
export async function readForm(request: Request): Promise<URLSearchParams> {
  const mediaType = (request.headers.get("content-type") ?? "").split(";")[0]?.trim().toLowerCase();
  if (mediaType === "multipart/form-data" && new URL(request.url).pathname === uploadPath) return readUpload(request);
  if (mediaType !== "application/x-www-form-urlencoded")
    throw new Problem("unsupported_media_type", "This address takes a form.");
  const raw = new URLSearchParams(new TextDecoder().decode(await readBytes(request, formLimitBytes)));
  const form = new URLSearchParams([...raw].map(([name, value]) => [name, value.replaceAll("\r\n", "\n")]));
  forms.set(request, form);
  return form;
}

/** The only address that takes a file. */
export const uploadPath = "/settings/import";

/** The file of a form, as it came. */
export type Upload = { name: string; bytes: Uint8Array<ArrayBuffer> };

const uploads = new WeakMap<Request, Upload>();

/** The file that came with a request's form; null where none was chosen. */
export const uploadOf = (request: Request): Upload | null => uploads.get(request) ?? null;

/** What a form with a file holds besides the file and its own fields: boundaries, and the names of both. */
const maxUploadBytes = maxImportBytes + 64 * 1024;

/** @throws Problem 413 for a file that is too large, 400 for a body that is no such form. */
async function readUpload(request: Request): Promise<URLSearchParams> {
  const bytes = await readBytes(request, maxUploadBytes);
  const type = request.headers.get("content-type") ?? "";
  const parts = await new Response(bytes, { headers: { "content-type": type } }).formData().catch((cause: unknown) => {
    throw new Problem("malformed", "The form cannot be read.", { cause });
  });
  const form = new URLSearchParams();
  for (const [name, value] of parts) {
    if (typeof value === "string") form.append(name, value);
    else if (value.size > 0)
      uploads.set(request, { name: value.name, bytes: new Uint8Array(await value.arrayBuffer()) });
  }
  return form;
}

/** The form of a request, if it was read: a failure page offers to send it again. */
export const formOf = (request: Request): URLSearchParams | null => forms.get(request) ?? null;

/** The one value of a field, empty when absent. */
export const field = (form: URLSearchParams, name: string): string => form.get(name) ?? "";

/** The id in a field. @throws Problem "not_found" for anything else: nothing has such an id, and no address is made of it. */
export function idField(form: URLSearchParams, name: string): string {
  const id = field(form, name);
  if (!isUuid(id)) throw notFound();
  return id;
}

/** The ids in all fields of the name. @throws Problem "not_found" where there is none, or anything else. */
export function idFields(form: URLSearchParams, name: string): string[] {
  const ids = form.getAll(name);
  if (ids.length === 0 || !ids.every(isUuid)) throw notFound();
  return ids;
}

/** A path of this site to go back to, or the fallback: never another origin, whatever the form or address says. */
export function localPath(value: string | null | undefined, fallback: string): string {
  if (!value?.startsWith("/") || /^\/[/\\]|[\p{Cc}\\]/u.test(value)) return fallback;
  return value;
}

/** A field that a script filled; anything else is for api to refuse. */
export function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}
