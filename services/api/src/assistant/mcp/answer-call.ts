import type { ChatProposal } from "@carillon/contracts/http/chat";
import { asProblem, Problem } from "@carillon/kit/service";
import {
  type CallToolResult,
  type InputRequiredResult,
  inputRequired,
  ProtocolError,
  ProtocolErrorCode,
} from "@modelcontextprotocol/server";
import { callTool } from "../tools/call-tool.ts";
import { toolNamed } from "../tools/registry.ts";
import type { Asking } from "../tools/tool.ts";

export type Call = { name: string; arguments?: Record<string, unknown> | undefined };
export type Circumstances = {
  mayWrite: boolean;
  /** The client can ask its user and call again with the answer (a multi-round-trip request). */
  canAsk: boolean;
  /** The proposal that a repeated call answers to. */
  consent: string | undefined;
  responses: Record<string, unknown> | undefined;
};

/** What a tool answers, or what it takes to go on. A refusal is an answer too: the model reads it and mends its call. */
export async function answerCall(
  asking: Asking,
  { name, arguments: given = {} }: Call,
  { mayWrite, canAsk, consent, responses }: Circumstances,
): Promise<CallToolResult | InputRequiredResult> {
  const tool = toolNamed(name);
  if (!tool) throw new ProtocolError(ProtocolErrorCode.InvalidParams, `There is no tool ${name}.`);
  if (tool.kind !== "read" && !mayWrite) return refusal(new Problem("forbidden", "This access token may only read."));
  try {
    const answer = await callTool(asking, tool, withAnswer(given, consent, responses));
    const proposal = "proposal" in answer ? (answer.proposal as ChatProposal | null) : null;
    if (proposal !== null && canAsk && responses === undefined) return askFirst(proposal);
    return { content: [{ type: "text", text: JSON.stringify(answer) }], structuredContent: { ...answer } };
  } catch (error) {
    const problem = asProblem(error);
    if (problem.status >= 500) asking.deps.log.error("tool failed", { tool: name, error: problem.cause });
    return refusal(problem);
  }
}

/** The call with what its user answered: a yes is the consent, everything else a no, which only shows what would have happened. */
function withAnswer(
  given: Record<string, unknown>,
  consent: string | undefined,
  responses: Record<string, unknown> | undefined,
): Record<string, unknown> {
  if (responses === undefined || consent === undefined) return given;
  return isYes(responses.confirm) ? { ...given, consent } : { ...given, dry_run: true };
}

function isYes(response: unknown): boolean {
  if (typeof response !== "object" || response === null) return false;
  const { action, content } = response as { action?: unknown; content?: { confirm?: unknown } | null };
  return action === "accept" && content?.confirm === true;
}

function askFirst({ id, summary, changes }: ChatProposal): InputRequiredResult {
  const lines = changes.slice(0, 20).map(({ text }) => `· ${text}`);
  const more = changes.length > lines.length ? [`· and ${changes.length - lines.length} more`] : [];
  return inputRequired({
    inputRequests: {
      confirm: inputRequired.elicit({
        message: [summary, ...lines, ...more].join("\n"),
        requestedSchema: {
          type: "object",
          properties: { confirm: { type: "boolean", title: "Do it", description: summary } },
          required: ["confirm"],
        },
      }),
    },
    requestState: id,
  });
}

/** What a model can do about a refusal. */
const hints: Partial<Record<Problem["code"], string>> = {
  not_found: "Look ids up again with list_tasks, search_tasks or list_tags; deleted=true lists the trash.",
  invalid: "Mend the arguments that errors names and call again.",
  conflict: "Read the task again with get_task before you go on.",
  forbidden: "Tell the user that this takes a token with the scope write.",
  unavailable: "Nothing was changed. Try once more in a few seconds.",
};

function refusal(problem: Problem): CallToolResult {
  const { code, detail, errors } = problem;
  const error = { error: code, detail, ...(errors ? { errors } : {}), ...(hints[code] ? { hint: hints[code] } : {}) };
  return { isError: true, content: [{ type: "text", text: JSON.stringify(error) }] };
}
