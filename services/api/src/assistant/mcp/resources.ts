import { asProblem } from "@carillon/kit/service";
import {
  ProtocolError,
  ProtocolErrorCode,
  type ReadResourceResult,
  type Resource,
  ResourceNotFoundError,
  type ResourceTemplateType,
} from "@modelcontextprotocol/server";
import { callTool } from "../tools/call-tool.ts";
import { momentOf } from "../tools/local-time.ts";
import { toolNamed } from "../tools/registry.ts";
import type { Asking } from "../tools/tool.ts";

const mimeType = "application/json";

/** The user's lists, as a client offers them to be read into a conversation. */
export const resources: readonly Resource[] = [
  {
    uri: "carillon://lists/open",
    name: "open",
    title: "Open tasks",
    description: "Still to do, soonest first",
    mimeType,
  },
  { uri: "carillon://lists/today", name: "today", title: "Today", description: "Open tasks due today", mimeType },
  {
    uri: "carillon://lists/overdue",
    name: "overdue",
    title: "Overdue",
    description: "Open tasks that are late",
    mimeType,
  },
  { uri: "carillon://lists/trash", name: "trash", title: "Trash", description: "Deleted within 30 days", mimeType },
  { uri: "carillon://lists/tags", name: "tags", title: "Tags", description: "The user's tags", mimeType },
];

export const resourceTemplates: readonly ResourceTemplateType[] = [
  {
    uriTemplate: "carillon://tasks/{id}",
    name: "task",
    title: "One task",
    description: "With its description",
    mimeType,
  },
  {
    uriTemplate: "carillon://lists/tag/{name}",
    name: "tag",
    title: "Tasks with a tag",
    description: "Open tasks that wear this tag",
    mimeType,
  },
];

/** The tool call whose answer is the resource; null when there is no such resource. */
function callFor(asking: Asking, uri: string): { tool: string; input: object } | null {
  const task = /^carillon:\/\/tasks\/([^/]+)$/.exec(uri)?.[1];
  if (task !== undefined) return { tool: "get_task", input: { id: task } };
  const tag = tagIn(uri);
  if (tag !== null) return { tool: "list_tasks", input: { tag } };
  switch (uri) {
    case "carillon://lists/open":
      return { tool: "list_tasks", input: {} };
    case "carillon://lists/today":
      return { tool: "list_tasks", input: { due_on: momentOf(asking.deps.clock.now(), asking.timeZone).date } };
    case "carillon://lists/overdue":
      return { tool: "list_tasks", input: { overdue: true } };
    case "carillon://lists/trash":
      return { tool: "list_tasks", input: { deleted: true } };
    case "carillon://lists/tags":
      return { tool: "list_tags", input: {} };
    default:
      return null;
  }
}

/** The name in a tag's list; null: it is none, or cannot be the name of a tag. */
function tagIn(uri: string): string | null {
  const written = /^carillon:\/\/lists\/tag\/([^/]+)$/.exec(uri)?.[1];
  if (written === undefined) return null;
  try {
    return decodeURIComponent(written);
  } catch {
    return null;
  }
}

/** The resource's text. @throws the protocol's own error for what is not there. */
export async function readResource(asking: Asking, uri: string): Promise<ReadResourceResult> {
  const call = callFor(asking, uri);
  const tool = call && toolNamed(call.tool);
  if (!call || !tool) throw new ResourceNotFoundError(uri);
  try {
    const answer = await callTool(asking, tool, call.input);
    return { contents: [{ uri, mimeType, text: JSON.stringify(answer) }] };
  } catch (error) {
    const problem = asProblem(error);
    if (problem.code === "not_found" || problem.code === "invalid") throw new ResourceNotFoundError(uri);
    asking.deps.log.error("resource failed", { error: problem.cause });
    throw new ProtocolError(ProtocolErrorCode.InternalError, problem.detail);
  }
}
