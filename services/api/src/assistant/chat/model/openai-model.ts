import OpenAI from "openai";
import type { ChatCompletion, ChatCompletionMessageParam } from "openai/resources/chat/completions";
import { type CallDelta, callInText, createAccumulator, mayBeCall } from "./accumulate.ts";
import { type Model, ModelFailure, type ModelMessage, type ModelQuestion, type ModelReply } from "./model.ts";

export type OpenAiSettings = { apiKey: string; baseUrl: string | null; model: string; maxSilenceMs: number };

/**
 * A model behind any server that speaks Chat Completions. It is streamed, and read by ourselves: the SDK's own gatherer fails at what such
 * servers send. A stream that breaks, or that swallowed its call, is asked for once more as a whole.
 */
export function openAiModel({ apiKey, baseUrl, model, maxSilenceMs }: OpenAiSettings): Model {
  const client = new OpenAI({
    apiKey,
    baseURL: baseUrl ?? undefined,
    maxRetries: 0,
    timeout: maxSilenceMs,
    logLevel: "off",
  });
  return async (question) => {
    const body = { model, messages: question.messages.map(toMessage), ...toolsOf(question) };
    const streamed = await streamOnce(client, body, question, maxSilenceMs).catch((error: unknown) => {
      question.signal.throwIfAborted();
      if (isFinal(error)) throw new ModelFailure(error);
      return null;
    });
    // The iterator of a stopped stream just ends.
    question.signal.throwIfAborted();
    if (streamed !== null) return streamed;
    try {
      return readWhole(await client.chat.completions.create(body, { signal: question.signal }), question);
    } catch (error) {
      question.signal.throwIfAborted();
      throw new ModelFailure(error);
    }
  };
}

/** What asking once more would only repeat: no answer at all in time, or a refusal that is not about streaming. */
const isFinal = (error: unknown): boolean =>
  error instanceof Silence ||
  (error instanceof OpenAI.APIError && error.status !== undefined && error.status !== 400 && error.status !== 422);

class Silence extends Error {}

type Body = { model: string; messages: ChatCompletionMessageParam[]; tools?: OpenAI.ChatCompletionTool[] };

const toolsOf = ({ tools }: ModelQuestion): Pick<Body, "tools"> =>
  tools.length === 0 ? {} : { tools: tools.map((tool) => ({ type: "function", function: tool })) };

function toMessage(message: ModelMessage): ChatCompletionMessageParam {
  if (message.role === "tool") return { role: "tool", content: message.content, tool_call_id: message.callId };
  if (message.role !== "assistant" || !message.calls?.length) return { role: message.role, content: message.content };
  return {
    role: "assistant",
    content: message.content,
    tool_calls: message.calls.map(({ id, name, input }) => ({
      id,
      type: "function",
      function: { name, arguments: JSON.stringify(input ?? {}) },
    })),
  };
}

/** What the stream said; null when it ended in tool calls and had none. */
async function streamOnce(
  client: OpenAI,
  body: Body,
  { onText, signal, tools }: ModelQuestion,
  maxSilenceMs: number,
): Promise<ModelReply | null> {
  const silence = new AbortController();
  const stop = AbortSignal.any([signal, silence.signal]);
  let timer = setTimeout(() => silence.abort(), maxSilenceMs);
  try {
    const stream = await client.chat.completions.create(
      { ...body, stream: true, stream_options: { include_usage: true } },
      { signal: stop },
    );
    const names = new Set(tools.map(({ name }) => name));
    const calls = createAccumulator();
    let text = "";
    let shown = 0;
    let tokens = 0;
    let hasCalls = false;
    for await (const { choices = [], usage } of stream) {
      clearTimeout(timer);
      timer = setTimeout(() => silence.abort(), maxSilenceMs);
      tokens = usage?.total_tokens ?? tokens;
      const [choice] = choices ?? [];
      // Sound: every part of a piece is read as if it might be missing.
      for (const delta of (choice?.delta?.tool_calls ?? []) as CallDelta[]) calls.add(delta);
      text += choice?.delta?.content ?? "";
      hasCalls ||= choice?.finish_reason === "tool_calls";
      if (mayBeCall(text)) continue;
      if (text.length > shown) onText(text.slice(shown));
      shown = text.length;
    }
    if (silence.signal.aborted) throw new Silence();
    const found = calls.calls();
    if (hasCalls && found.length === 0) return null;
    if (text === "" && found.length === 0) return null;
    return finished({ text, calls: found, tokens: tokens || estimate(body, text) }, names);
  } catch (error) {
    throw silence.signal.aborted && !signal.aborted ? new Silence() : error;
  } finally {
    clearTimeout(timer);
  }
}

function readWhole(answer: ChatCompletion, { tools, onText }: ModelQuestion): ModelReply {
  const message = answer.choices?.[0]?.message;
  const text = message?.content ?? "";
  const calls = createAccumulator();
  for (const [index, call] of ((message?.tool_calls ?? []) as CallDelta[]).entries()) calls.add({ ...call, index });
  const reply = finished(
    { text, calls: calls.calls(), tokens: answer.usage?.total_tokens ?? Math.ceil(text.length / 4) },
    new Set(tools.map(({ name }) => name)),
  );
  if (reply.text === "" && reply.calls.length === 0) throw new Error("an answer without words and calls");
  if (reply.text !== "") onText(reply.text);
  return reply;
}

/** A text that is a call becomes one. */
function finished(reply: ModelReply, names: ReadonlySet<string>): ModelReply {
  const written = reply.calls.length === 0 ? callInText(reply.text, names) : null;
  return written === null ? reply : { ...reply, text: "", calls: [written] };
}

/** Some four letters are a token, where a server does not count. */
const estimate = (body: Body, text: string): number => Math.ceil((JSON.stringify(body).length + text.length) / 4);
