import type { ChatAction, ChatProposal } from "@carillon/contracts/http/chat";
import type { Language } from "@carillon/contracts/http/quick-add";
import { callTool } from "../tools/call-tool.ts";
import { toolNamed } from "../tools/registry.ts";
import type { ShownTask } from "../tools/shown.ts";
import type { Asking, WriteAnswer } from "../tools/tool.ts";
import type { Command } from "./commands/command.ts";

/** What a conversation remembers of its last turn. */
export type ChatState = {
  /** The tasks last spoken of: what "it" and "2" mean. */
  ids: string[];
  /** A command that waits to hear which task is meant. */
  open: Command | null;
  /** The proposal that a yes would answer. */
  proposal: string | null;
  /** Entries of the history that the last turn which did something made. */
  done?: string[];
  /** The language of what was last said. */
  language?: Language;
};

export const noState: ChatState = { ids: [], open: null, proposal: null };

/** What happens while a turn is under way, for the user who watches. */
export type ChatEvent =
  | { event: "token"; data: { text: string } }
  | { event: "action"; data: ChatAction }
  | { event: "proposal"; data: ChatProposal };

/** A turn under way: what was done so far, and what it leads to. */
export type Turn = {
  asking: Asking;
  state: ChatState;
  actions: ChatAction[];
  proposal: ChatProposal | null;
  emit: (event: ChatEvent) => void;
};

/** What a tool answers, as chat reads it: fields of reading and of writing tools. */
export type Answered = Partial<WriteAnswer> & { next_cursor?: string | null; task?: ShownTask } & Record<
    string,
    unknown
  >;

/** Calls a tool in the turn; what it does becomes a card, what it proposes waits for a yes. @throws Problem as the tool does. */
export async function callInTurn(turn: Turn, name: string, input: Record<string, unknown>): Promise<Answered> {
  const tool = toolNamed(name);
  if (!tool) throw new Error(`There is no tool ${name}.`);
  // Sound: every tool answers an object, and the fields read here mean the same in all of them.
  const answer = (await callTool(turn.asking, tool, input)) as Answered;
  const shown = answer.tasks ?? (answer.task ? [answer.task] : []);
  if (shown.length > 0) turn.state = { ...turn.state, ids: shown.map(({ id }) => id) };
  if (tool.kind === "read") return answer;
  if (answer.done) noteDone(turn, name, answer);
  if (answer.proposal) {
    turn.proposal = answer.proposal;
    turn.state = { ...turn.state, proposal: answer.proposal.id };
    turn.emit({ event: "proposal", data: answer.proposal });
  }
  return answer;
}

function noteDone(turn: Turn, tool: string, { summary = "", tasks = [], audit_ids = [] }: Answered): void {
  const [task] = tasks;
  const action: ChatAction = {
    tool,
    task_id: task?.id ?? null,
    summary,
    due_date: task?.due_date ?? null,
    due_local: task?.due_local ?? null,
    time_zone: task?.time_zone ?? turn.asking.timeZone,
    next_dates: task?.next_dates ?? [],
    audit_ids,
  };
  turn.actions.push(action);
  turn.state = { ...turn.state, done: turn.actions.flatMap((one) => one.audit_ids) };
  turn.emit({ event: "action", data: action });
}
