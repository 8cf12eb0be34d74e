import { forwardLines } from "./forward.ts";
import { linesOf } from "./lines.ts";

/**
 * `npm run mcp`: the product's `/mcp` on standard input and output. What people read goes to standard error: every line of standard
 * output is a message of the protocol.
 */
const address = process.env.CARILLON_URL || "http://localhost:8000";
const token = process.env.CARILLON_TOKEN ?? "";

if (!/^[\w.~+/-]+=*$/.test(token) || !URL.canParse(address)) {
  const what = URL.canParse(address) ? "CARILLON_TOKEN: an access token of yours, from the settings" : "CARILLON_URL";
  process.stderr.write(`Carillon's MCP server needs ${what}.\n`);
  process.exit(1);
}

await forwardLines(linesOf(Bun.stdin.stream()), {
  url: new URL("/mcp", address),
  token,
  send: fetch,
  write: (line) => void process.stdout.write(`${line}\n`),
});
