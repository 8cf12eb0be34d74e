import {
  type CompleteRequestParams,
  type CompleteResult,
  ProtocolError,
  ProtocolErrorCode,
} from "@modelcontextprotocol/server";
import { listTags } from "../../tags/index.ts";
import { listTasks } from "../../tasks/index.ts";
import type { Asking } from "../tools/tool.ts";
import { promptNamed } from "./prompts.ts";
import { resourceTemplates } from "./resources.ts";

/** No client shows more. */
const maxValues = 50;

/** What the argument of a prompt or a template may become, as far as it is typed. */
export async function complete(asking: Asking, { ref, argument }: CompleteRequestParams): Promise<CompleteResult> {
  const { name, value } = argument;
  if (ref.type === "ref/prompt") {
    if (!promptNamed(ref.name))
      throw new ProtocolError(ProtocolErrorCode.InvalidParams, `There is no prompt ${ref.name}.`);
    return name === "tag" ? tagsLike(asking, value) : none;
  }
  if (!resourceTemplates.some(({ uriTemplate }) => uriTemplate === ref.uri))
    throw new ProtocolError(ProtocolErrorCode.InvalidParams, `There is no template ${ref.uri}.`);
  if (name === "name") return tagsLike(asking, value);
  return name === "id" ? openTasksLike(asking, value) : none;
}

const none: CompleteResult = { completion: { values: [], hasMore: false } };

async function tagsLike({ deps, userId }: Asking, typed: string): Promise<CompleteResult> {
  const prefix = Array.from(typed).slice(0, 100).join("");
  const { data, next_cursor } = await listTags(deps, userId, { limit: maxValues, prefix });
  return { completion: { values: data.map(({ name }) => name), hasMore: next_cursor !== null } };
}

/** Ids among the tasks that are due next. */
async function openTasksLike({ deps, userId }: Asking, typed: string): Promise<CompleteResult> {
  const { data, next_cursor } = await listTasks(deps, { userId }, { limit: maxValues, status: "pending" });
  const values = data.map(({ id }) => id).filter((id) => id.startsWith(typed.toLowerCase()));
  return { completion: { values, hasMore: next_cursor !== null } };
}
