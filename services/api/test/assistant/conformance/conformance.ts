/**
 * `npm run conformance:mcp [-- scenario]`: the official conformance suite against `/mcp`, on revisions 2026-07-28 and 2025-11-25. The suite's
 * own tools are mounted on the product's server and handler, behind the product's door, which gets a token with each request: the suite has none.
 */

import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { usualFormats } from "@carillon/calendar/formats";
import { answerMcp } from "../../../src/assistant/mcp/serve-mcp.ts";
import type { Asking } from "../../../src/assistant/tools/tool.ts";
import { startApi } from "../../harness.ts";
import { fixtureServer } from "./fixture-server.ts";

const suite = "@modelcontextprotocol/conformance@0.2.0-alpha.12";
const revisions = ["2026-07-28", "2025-11-25"];

const api = await startApi();
const person = await api.signUp({ time_zone: "Europe/Berlin" });
const { body: robot } = await api.call("POST", "/api/tokens", {
  token: person.token,
  body: { name: "conformance", scope: "write" },
});
const authorization = `Bearer ${robot.token}`;
const reader = {
  ...({ timeZone: "Europe/Berlin", language: "en", weekStart: 0, partsOfDay: {} } as const),
  ...usualFormats,
} as const;
const asking: Asking = {
  deps: api.deps,
  userId: person.user.id,
  timeZone: reader.timeZone,
  reader,
  by: { kind: "token", id: robot.id },
};

/** What the product's own door says to these headers; null where it lets the request through to the refusal of batches. */
async function refusedAtTheDoor(request: Request): Promise<Response | null> {
  const headers = new Headers(request.headers);
  headers.delete("content-length");
  headers.set("authorization", authorization);
  const answer = await api.app.handle(new Request(request.url, { method: request.method, headers, body: "[]" }));
  return answer.status === 400 ? null : answer;
}

async function answerTo(request: Request): Promise<Response> {
  const body = await request.text();
  const { url, method, headers } = request;
  const message: unknown = JSON.parse(body);
  const asked = { request: new Request(url, { method, headers, body }), message, hurry: () => {} };
  return answerMcp(asking, asked, ({ era }) => fixtureServer(asking, era));
}

const server = Bun.serve({
  port: 0,
  hostname: "127.0.0.1",
  async fetch(request) {
    if (request.method !== "POST") return api.app.handle(request);
    return (await refusedAtTheDoor(request)) ?? answerTo(request);
  },
});

// The suite writes its reports where it runs.
const cwd = mkdtempSync(join(tmpdir(), "carillon-conformance-"));
const [scenario] = process.argv.slice(2);
let failed = 0;
for (const revision of revisions) {
  const which = scenario ? ["--scenario", scenario, "--spec-version", revision] : ["--requirements", revision];
  const expected = ["--expected-failures", join(import.meta.dir, `expected-failures.${revision}.yml`)];
  const child = Bun.spawn(
    [
      process.execPath,
      "x",
      "--bun",
      suite,
      "server",
      "--url",
      `http://127.0.0.1:${server.port}/mcp`,
      ...which,
      ...expected,
    ],
    { stdout: "inherit", stderr: "inherit", cwd },
  );
  failed += (await child.exited) === 0 ? 0 : 1;
}
rmSync(cwd, { recursive: true, force: true });
await server.stop(true);
await api.close();
process.exit(failed);
