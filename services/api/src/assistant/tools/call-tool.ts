import { explain } from "@carillon/kit/http";
import { invalid } from "@carillon/kit/service";
import type { Asking, Tool } from "./tool.ts";

/**
 * The tool's answer. Nothing is converted or removed: an argument that does not fit is refused, and named.
 * @throws Problem as the API's own verbs do.
 */
export async function callTool(asking: Asking, tool: Tool, input: unknown): Promise<object> {
  const errors = explain(tool.input, input);
  if (errors.length > 0) throw invalid(...errors);
  // Sound: just checked against the tool's own schema.
  return tool.run(asking, input as never);
}
