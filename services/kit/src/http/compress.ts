import { promisify } from "node:util";
import { brotliCompress, constants, gzip } from "node:zlib";
import { bytesResponse, takeWholeText } from "./large-body.ts";

/** Below this a packed answer saves no packet. */
const minBytes = 1_000;

const packable = /^(text\/(?!event-stream)|application\/(json|problem\+json|manifest\+json)\b)/;

const quality = {
  params: { [constants.BROTLI_PARAM_QUALITY]: 5, [constants.BROTLI_PARAM_MODE]: constants.BROTLI_MODE_TEXT },
};

const packers = {
  br: async (bytes: Uint8Array) => promisify(brotliCompress)(bytes, quality),
  gzip: async (bytes: Uint8Array) => promisify(gzip)(bytes, { level: 6 }),
} as const;

/**
 * The answer packed as its reader takes it (Brotli, else gzip), or as it is: what is small, streamed, packed already or no text stays. An
 * ETag stays the same and strong, for it names the version of a thing and `If-Match` compares it whatever the packing.
 */
export async function packed(request: Request, response: Response): Promise<Response> {
  const text = takeWholeText(response);
  if (text === undefined || request.method === "HEAD" || response.headers.has("content-encoding")) return response;
  if (!packable.test(response.headers.get("content-type") ?? "")) return response;
  response.headers.append("vary", "Accept-Encoding");
  const encoding = encodingFor(request.headers.get("accept-encoding") ?? "");
  if (encoding === null) return response;
  const plain = new TextEncoder().encode(text);
  if (plain.length < minBytes) return response;
  const bytes = new Uint8Array(await packers[encoding](plain));
  response.headers.set("content-encoding", encoding);
  return bytesResponse(bytes, { status: response.status, headers: response.headers });
}

/** The best encoding this header accepts; `q=0` refuses one (RFC 9110 §12.5.3). */
function encodingFor(accepted: string): keyof typeof packers | null {
  const refused = /;\s*q=0(\.0*)?\s*$/;
  const names = accepted
    .split(",")
    .flatMap((item) => (refused.test(item) ? [] : [item.split(";")[0]?.trim().toLowerCase()]));
  if (names.includes("br")) return "br";
  return names.includes("gzip") ? "gzip" : null;
}
