import { ChatAnswer, ChatConfirm, ChatMessage } from "@carillon/contracts/http/chat";
import { answer, describe, readBody, toResponse } from "@carillon/kit/http";
import { contextOf } from "@carillon/kit/service";
import { Elysia } from "elysia";
import { callerOf } from "../../auth/caller.ts";
import { keyOf } from "../../change/idempotency.ts";
import { readInput } from "../../change/read-input.ts";
import type { ApiDeps } from "../../deps.ts";
import { readerOf } from "../../tasks/index.ts";
import { streamTurn } from "./stream-turn.ts";
import { type OpenTurn, openConfirmation, openTurn, type Speaker } from "./take-turn.ts";

const streams =
  "With `Accept: text/event-stream` the answer comes as events: `token` (a piece of the text), `action`, `proposal`, and at the end `done` with the " +
  "whole answer, or `error`. Closing the stream stops the turn.";

export const sendMessageRoute = (deps: ApiDeps) =>
  new Elysia().post(
    "/api/chat",
    async ({ request }) => {
      const body = await readInput(request, () => readBody(request, ChatMessage));
      // A turn is no change that could be given again; a key that is none is refused as everywhere.
      keyOf(request);
      return answerTurn(request, await openTurn(deps, speakerOf(request), body));
    },
    {
      parse: "none",
      detail: describe({
        summary: "Say something to the assistant",
        description: streams,
        tag: "Chat",
        body: ChatMessage,
        answers: { 200: ChatAnswer },
        errors: [404, 409],
        headers: { Accept: "application/json, or text/event-stream for the answer as it comes." },
      }),
    },
  );

export const confirmProposalRoute = (deps: ApiDeps) =>
  new Elysia().post(
    "/api/chat/confirm",
    async ({ request }) => {
      const { proposal_id } = await readInput(request, () => readBody(request, ChatConfirm));
      keyOf(request);
      return answerTurn(request, await openConfirmation(deps, speakerOf(request), proposal_id));
    },
    {
      parse: "none",
      detail: describe({
        summary: "Say yes to what the assistant proposed",
        description: streams,
        tag: "Chat",
        body: ChatConfirm,
        answers: { 200: ChatAnswer },
        errors: [404, 409],
      }),
    },
  );

function speakerOf(request: Request): Speaker {
  const { userId, timeZone } = callerOf(request);
  return { userId, timeZone, reader: readerOf(request) };
}

async function answerTurn(request: Request, turn: OpenTurn): Promise<Response> {
  if (request.headers.get("accept")?.includes("text/event-stream")) return streamTurn(turn, request);
  // A model may think longer than a silent connection lives.
  contextOf(request).limitSilence?.(120_000);
  return toResponse(answer(200, await turn.run({ emit: () => {}, signal: request.signal })));
}
