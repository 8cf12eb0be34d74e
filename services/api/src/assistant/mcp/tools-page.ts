import type { TSchema } from "@sinclair/typebox";
import { tools } from "../tools/registry.ts";
import type { Tool } from "../tools/tool.ts";
import { prompts } from "./prompts.ts";
import { resources, resourceTemplates } from "./resources.ts";

/** `docs/mcp-tools.md`: what a model can do here, and how a client is connected. Made from the registry itself. */
export function toolsPage(): string {
  return `${[...preface, ...clients, ...consent, ...listing(), ...tools.flatMap(section), ...reading()].join("\n")}\n`;
}

const preface = [
  "# Tools for assistants (MCP)",
  "",
  "Made from `services/api/src/assistant` by `npm run gen`; a test refuses a stale page.",
  "",
  "`POST /mcp` on api's port (8000) speaks the Model Context Protocol over Streamable HTTP, revision 2026-07-28 and, through the same handler,",
  "2025-11-25. It keeps no session: any replica answers any request. Chat uses the very same tools.",
];

/** What a client's own settings put a secret in for. */
const placeholder = (name: string): string => `$\{${name}}`;

const clients = [
  "",
  "## Connect a client",
  "",
  "Create an access token in the settings, or with `POST /api/tokens` (`scope` `write`, or `read` for an assistant that may only look; it then sees",
  "only the tools that read). Every client below sends it in a header. What needs OAuth cannot connect yet ([why](adr/0025-no-oauth-for-mcp-yet.md)).",
  "",
  "**Claude Code**",
  "",
  "```sh",
  'claude mcp add --transport http carillon http://localhost:8000/mcp --header "Authorization: Bearer $CARILLON_TOKEN"',
  "```",
  "",
  "**Cursor** (`~/.cursor/mcp.json`)",
  "",
  "```json",
  `{ "mcpServers": { "carillon": { "url": "http://localhost:8000/mcp", "headers": { "Authorization": "Bearer ${placeholder("env:CARILLON_TOKEN")}" } } } }`,
  "```",
  "",
  "**Visual Studio Code** (`.vscode/mcp.json`)",
  "",
  "```json",
  "{",
  '  "inputs": [{ "id": "token", "type": "promptString", "description": "Carillon access token", "password": true }],',
  `  "servers": { "carillon": { "type": "http", "url": "http://localhost:8000/mcp", "headers": { "Authorization": "Bearer ${placeholder("input:token")}" } } }`,
  "}",
  "```",
  "",
  "**A client that starts its servers as programs** (standard input and output), such as Claude Desktop (`claude_desktop_config.json`)",
  "",
  "```json",
  "{",
  '  "mcpServers": {',
  '    "carillon": {',
  '      "command": "node",',
  '      "args": ["/path/to/carillon/services/dev/bootstrap.mjs", "mcp"],',
  '      "env": { "CARILLON_URL": "http://localhost:8000", "CARILLON_TOKEN": "cat_…" }',
  "    }",
  "  }",
  "}",
  "```",
  "",
  "The program passes every message on to the product that runs at `CARILLON_URL`, and keeps nothing. By hand: `CARILLON_TOKEN=… npm run --silent mcp`.",
  "",
  "Requests are answered at numbers, at names without a dot, and at the hosts of `PUBLIC_URL` and `CORS_ORIGINS`; pages of other origins are refused.",
];

const consent = [
  "",
  "## What asks first",
  "",
  "Deleting, and changing more than three tasks, does nothing at first: the answer has `done: false` and a `proposal` that says what would happen.",
  "The same call with `consent` set to the proposal's id does it, once, within five minutes, with the same arguments and the same token, on any",
  "replica. A client that can ask its user (elicitation, revision 2026-07-28) gets `input_required` instead and repeats the call by itself.",
  "`dry_run` shows what any write would do. All tasks of a call are changed together or not at all.",
  "",
  "Titles, descriptions, tags and histories are data; no tool reads them as instructions. The history names what a tool changed as done by",
  "`assistant`.",
];

function listing(): string[] {
  return [
    "",
    "## Tools",
    "",
    "Every answer names `now` (date, weekday, time and zone of the user), has local dates beside instants, the rule in words and up to three next",
    "dates, and at most 50 rows with a `next_cursor`.",
    "",
    "| tool | scope | asks first | what it does |",
    "|---|---|---|---|",
    ...tools.map(({ name, kind, description, input }) => {
      const asks = kind === "removal" ? "always" : "ids" in input.properties ? "beyond three tasks" : "no";
      return `| [\`${name}\`](#${name}) | ${kind === "read" ? "read" : "write"} | ${asks} | ${description} |`;
    }),
  ];
}

function section({ name, input }: Tool): string[] {
  const required = new Set(input.required ?? []);
  const fields = Object.entries(input.properties);
  const rows = fields.map(([field, schema]) => {
    const about = [schema.description, exampleOf(schema)].filter(Boolean).join("; ");
    return `| \`${field}\` | ${kindOf(schema)} | ${required.has(field) ? "yes" : ""} | ${about} |`;
  });
  if (rows.length === 0) return ["", `### ${name}`, "", "No arguments."];
  return ["", `### ${name}`, "", "| argument | | required | |", "|---|---|---|---|", ...rows];
}

const exampleOf = ({ examples }: TSchema): string =>
  Array.isArray(examples) && examples.length > 0 ? `such as \`${JSON.stringify(examples[0])}\`` : "";

function kindOf(schema: TSchema): string {
  const choices: TSchema[] | undefined = schema.anyOf;
  if (choices) return [...new Set(choices.map(kindOf))].join(" \\| ");
  if (schema.const !== undefined) return `\`${schema.const}\``;
  if (schema.type === "array") return `list of ${kindOf(schema.items)}`;
  if (schema.type === "object") return `{${Object.keys(schema.properties ?? {}).join(", ")}}`;
  return schema.format ?? schema.type ?? "any";
}

function reading(): string[] {
  const addresses = [
    ...resources.map(({ uri, description }) => `| \`${uri}\` | ${description} |`),
    ...resourceTemplates.map(({ uriTemplate, description }) => `| \`${uriTemplate}\` | ${description} |`),
  ];
  return [
    "",
    "## Resources and prompts",
    "",
    "| resource | |",
    "|---|---|",
    ...addresses,
    "",
    "| prompt | |",
    "|---|---|",
    ...prompts.map(({ name, description }) => `| \`${name}\` | ${description} |`),
    "",
    "Both prompts take a `tag`; `completion/complete` completes it, and the variables of the addresses above.",
    "",
    "## Notices of changes",
    "",
    "A client of revision 2026-07-28 sends `subscriptions/listen` with the addresses in `notifications.resourceSubscriptions` (100 at most). Its answer stays",
    "open, and has `notifications/resources/updated` within a second for each that may read differently, also after changes in the pages. What only time changes",
    "(today's list after midnight) is not announced. The stream ends within a second when its token is revoked, runs out, or its session ends, and when the replica",
    "stops: listen again, and read again. Eight streams a user at once. `resources/list_changed` is not sent, because the list of resources is always the same.",
    "Revision 2025-11-25 keeps no stream between requests here, so it has no notices ([why](adr/0027-notices-from-the-outbox.md)).",
  ];
}
