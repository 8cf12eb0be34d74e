import { spokenDate } from "@carillon/calendar/formats";
import type { ChatAnswer } from "@carillon/contracts/http/chat";
import type { Language } from "@carillon/contracts/http/quick-add";
import { Problem } from "@carillon/kit/service";
import type { ApiDeps, ChatParts } from "../../deps.ts";
import type { Reader } from "../../tasks/index.ts";
import { proposedCall } from "../tools/consent.ts";
import { understood } from "../tools/dates-in.ts";
import { replyByModel } from "./by-model.ts";
import type { Command } from "./commands/command.ts";
import { readCommand } from "./commands/read-command.ts";
import { beginTurn, endTurn, type Started } from "./conversations.ts";
import { doCommand } from "./do-command.ts";
import { ModelFailure } from "./model/model.ts";
import { repliesIn } from "./replies.ts";
import { sayWritten } from "./say.ts";
import { type ChatEvent, callInTurn, type Turn } from "./turn.ts";
import { countTokens, secondsToMidnight, tokensToday } from "./usage.ts";

export const withoutModel: ChatParts = { model: null, maxCalls: 8, maxSeconds: 60, dailyTokens: 200_000 };

export type Speaker = { userId: string; timeZone: string; reader: Reader };
export type Watching = { emit: (event: ChatEvent) => void; signal: AbortSignal };

/** A turn whose first message is kept; `run` answers it and may be called once. */
export type OpenTurn = { conversationId: string; run: (watching: Watching) => Promise<ChatAnswer> };

type Reply = (turn: Turn, started: Started, signal: AbortSignal) => Promise<string>;

/** Opens a turn with a message. @throws Problem 404 and 409 as `beginTurn`. */
export const openTurn = (
  deps: ApiDeps,
  speaker: Speaker,
  { message, conversation_id }: { message: string; conversation_id?: string },
): Promise<OpenTurn> =>
  begin(deps, speaker, { message, conversation_id }, (turn, started, signal) =>
    replyTo(turn, message, { history: started.history, signal }),
  );

/** Opens a turn that does what was proposed. @throws Problem 404 for a proposal that is none of this user's chats, 409 while a turn runs. */
export async function openConfirmation(deps: ApiDeps, speaker: Speaker, proposalId: string): Promise<OpenTurn> {
  const { askedBy } = await proposedCall(deps.sql, speaker.userId, proposalId);
  const conversation_id = /^conversation (.+)$/.exec(askedBy)?.[1];
  if (conversation_id === undefined) throw new Problem("conflict", "This was not proposed in a chat.");
  return begin(deps, speaker, { message: "Yes.", conversation_id }, (turn) => confirm(turn, proposalId));
}

async function begin(
  deps: ApiDeps,
  { userId, timeZone, reader }: Speaker,
  { message, conversation_id }: { message: string; conversation_id?: string | undefined },
  reply: Reply,
): Promise<OpenTurn> {
  const { maxSeconds } = deps.chat ?? withoutModel;
  const maxMs = (maxSeconds + 15) * 1_000;
  const started = await beginTurn(deps, userId, { message, conversationId: conversation_id, maxMs });
  const { conversationId, state } = started;
  const run: OpenTurn["run"] = async ({ emit, signal }) => {
    const by = { kind: "conversation" as const, id: conversationId };
    // A number or a yes has no language of its own: it is that of what was said before.
    const spoken = { ...reader, language: state.language ?? reader.language };
    const turn: Turn = {
      asking: { deps, userId, timeZone, reader: spoken, by },
      state,
      actions: [],
      proposal: null,
      emit,
    };
    const limited = AbortSignal.any([signal, AbortSignal.timeout(maxSeconds * 1_000)]);
    const end = (text: string) => endTurn(deps, userId, conversationId, { ...turn, reply: text });
    try {
      const text = await reply(turn, started, limited);
      await end(text);
      return { conversation_id: conversationId, reply: text, actions: turn.actions, proposal: turn.proposal };
    } catch (error) {
      await end(error instanceof Problem ? error.detail : "Something went wrong here; what the cards show is done.");
      throw error;
    }
  };
  return { conversationId, run };
}

type Asked = { history: Started["history"]; signal: AbortSignal };

/** What to say: the model's answer where there is one, else what the small grammar makes of the message. */
async function replyTo(turn: Turn, message: string, asked: Asked): Promise<string> {
  const { deps, userId, reader } = turn.asking;
  const said = readCommand(message, reader.language);
  const command = said?.command ?? null;
  const { proposal } = turn.state;
  if (said !== null) speak(turn, said.language);
  if (command?.do === "yes" && proposal !== null) return confirm(turn, proposal);
  const { model, dailyTokens } = deps.chat ?? withoutModel;
  const isSpent = model !== null && (await tokensToday(deps, userId)) >= dailyTokens;
  if (model !== null && !isSpent) {
    const text = await withModel(turn, message, asked);
    if (text !== null) return text;
  }
  const plain = await replyPlainly(turn, message, command);
  if (plain !== null) return plain;
  if (!isSpent) return repliesIn(turn.asking.reader.language).help;
  const seconds = secondsToMidnight(deps.clock.now());
  throw new Problem(
    "too_many_requests",
    "The words for today are used up. Plain commands still work; say help for them.",
    {
      headers: { "retry-after": String(seconds) },
    },
  );
}

/** The model's answer, with what it must say and did not; null when it failed before it did anything. */
async function withModel(turn: Turn, message: string, { history, signal }: Asked): Promise<string | null> {
  const { deps, userId } = turn.asking;
  const { model, maxCalls } = deps.chat ?? withoutModel;
  if (model === null) return null;
  try {
    const onTokens = (tokens: number) => countTokens(deps, userId, tokens);
    return complete(turn, await replyByModel(turn, message, { model, maxCalls, history, signal, onTokens }));
  } catch (error) {
    if (signal.aborted) return complete(turn, "I was stopped.");
    if (!(error instanceof ModelFailure)) throw error;
    deps.log.warn("the model did not answer", { error: error.cause });
    return null;
  }
}

/** Every answer names what was done with its date and zone, and the question that waits, whatever the model said. */
function complete({ actions, proposal, asking }: Turn, text: string): string {
  const { reader } = asking;
  const isSaid = (when: string): boolean =>
    text.includes(when) || text.includes(spokenDate(when, reader, reader.language));
  const unsaid = actions.filter(({ due_local, summary }) => !isSaid(due_local ?? summary));
  const asks = proposal === null ? [] : [sayWritten({ summary: proposal.summary, proposal }, asking.reader)];
  const lines = [text.trim(), ...unsaid.map(({ summary }) => summary), ...asks].filter((line) => line !== "");
  return lines.length === 0 ? "Done." : lines.join("\n");
}

/** From here on the turn is read and answered in the language it was spoken in; the next one begins there. */
function speak(turn: Turn, language: Language): void {
  turn.asking = { ...turn.asking, reader: { ...turn.asking.reader, language } };
  turn.state = { ...turn.state, language };
}

/** What the small grammar answers; null where the message is no command and no task. */
async function replyPlainly(turn: Turn, message: string, command: Command | null): Promise<string | null> {
  if (command !== null) return doCommand(turn, command);
  if (message.includes("?")) return null;
  const { fields, language } = understood(turn.asking, message.slice(0, 1_000));
  if (fields.title === "" || (fields.due_date === undefined && fields.recurring_pattern === undefined)) return null;
  speak(turn, language);
  return doCommand(turn, { do: "create", text: message });
}

/** Does what was proposed. @throws Problem 409 when that was used or has expired. */
async function confirm(turn: Turn, proposalId: string): Promise<string> {
  const { deps, userId } = turn.asking;
  turn.state = { ...turn.state, proposal: null };
  const { tool, input } = await proposedCall(deps.sql, userId, proposalId);
  const answer = await callInTurn(turn, tool, { ...input, consent: proposalId });
  return sayWritten(answer, turn.asking.reader);
}
