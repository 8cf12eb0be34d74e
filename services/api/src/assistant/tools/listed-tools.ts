import type { Tool as ListedTool } from "@modelcontextprotocol/server";
import type { TObject } from "@sinclair/typebox";
import { tools } from "./registry.ts";
import type { Tool } from "./tool.ts";

/** The tools that this caller may use, as the protocol lists them: always in the same order. */
export const listedTools = (mayWrite: boolean): ListedTool[] =>
  tools.filter(({ kind }) => mayWrite || kind === "read").map(listed);

export function listed({ name, title, description, kind, input, output }: Tool): ListedTool {
  return {
    name,
    title,
    description,
    inputSchema: plain(input),
    outputSchema: plain(output),
    annotations: {
      title,
      readOnlyHint: kind === "read",
      destructiveHint: kind === "removal",
      idempotentHint: kind === "read",
      openWorldHint: false,
    },
  };
}

/** The schema as JSON, without words that only our own checks know. */
function plain(schema: TObject): ListedTool["inputSchema"] {
  const text = JSON.stringify(schema, (name, value: unknown) => (name === "multiline" ? undefined : value));
  return JSON.parse(text);
}
