import { describe, expect, test } from "bun:test";
import { brotliDecompressSync, gunzipSync } from "node:zlib";
import { packed } from "./compress.ts";
import { textResponse } from "./large-body.ts";

const page = "<li>Water the ferns</li>\n".repeat(9_000);
const asked = (encoding: string | null, method = "GET") =>
  new Request("http://localhost/today", { method, headers: encoding === null ? {} : { "accept-encoding": encoding } });
const answered = (text: string, headers: Record<string, string> = {}) =>
  textResponse(text, { headers: { "content-type": "text/html; charset=utf-8", ...headers } });
const bytesOf = async (response: Response) => new Uint8Array(await response.arrayBuffer());

describe("an answer is packed as its reader takes it", () => {
  test.each([
    ["br", "br"],
    ["gzip, deflate, br, zstd", "br"],
    ["gzip", "gzip"],
    ["GZIP;q=0.5", "gzip"],
    ["br;q=0, gzip", "gzip"],
    ["gzip;q=0.000", null],
    ["identity", null],
    [null, null],
  ])("%p: %p", async (accepted, encoding) => {
    const response = await packed(asked(accepted), answered(page));
    expect(response.headers.get("content-encoding")).toBe(encoding);
    expect(response.headers.get("vary")).toBe("Accept-Encoding");
    const bytes = await bytesOf(response);
    const plain = encoding === "br" ? brotliDecompressSync(bytes) : encoding === "gzip" ? gunzipSync(bytes) : bytes;
    expect(new TextDecoder().decode(plain)).toBe(page);
    if (encoding !== null) expect(bytes.length).toBeLessThan(page.length / 50);
  });

  test("with its ETag, status, cookies and what it varied by", async () => {
    const given = answered(page, { etag: '"7"', vary: "Cookie", "set-cookie": "a=b" });
    const response = await packed(asked("br"), given);
    const names = ["etag", "vary", "set-cookie", "content-encoding"];
    expect(names.map((name) => response.headers.get(name))).toEqual(['"7"', "Cookie, Accept-Encoding", "a=b", "br"]);
  });
});

describe("an answer stays as it is", () => {
  test.each([
    ["when it is short", answered("<p>Done</p>")],
    ["when it is packed already", answered(page, { "content-encoding": "zstd" })],
    ["when it is a picture", textResponse(page, { headers: { "content-type": "image/png" } })],
    ["when it is a stream of events", textResponse(page, { headers: { "content-type": "text/event-stream" } })],
    ["when its whole text is not at hand", new Response(page, { headers: { "content-type": "text/html" } })],
  ])("%s", async (_, given) => {
    const before = given.headers.get("content-encoding");
    expect(await packed(asked("br"), given)).toBe(given);
    expect(given.headers.get("content-encoding")).toBe(before);
  });

  test("when only its head was asked for", async () => {
    const given = answered(page);
    expect(await packed(asked("br", "HEAD"), given)).toBe(given);
  });
});
