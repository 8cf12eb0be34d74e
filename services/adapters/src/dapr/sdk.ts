import type HTTPClient from "@dapr/dapr/implementation/Client/HTTPClient/HTTPClient";

// `require` finds the same module from sources and bundled. One by one, because the package's index
// loads express and gRPC, 40 MB and 2 s.
import invoker = require("@dapr/dapr/implementation/Client/HTTPClient/invoker");
import pubsub = require("@dapr/dapr/implementation/Client/HTTPClient/pubsub");

import { askSidecar, type SidecarAnswer, type ToSidecar } from "./sidecar.ts";

/** The building blocks of Dapr's own client: they know the requests to a sidecar. */
export const Invocation = invoker.default;
export const PubSub = pubsub.default;

type Params = { method?: string; headers?: Record<string, string>; body?: unknown } | null;

/**
 * The sidecar's whole answer to the request that `ask` has a building block send. The transport is
 * ours: Dapr's client has no time limit, sends no trace, and hides status and headers.
 * @throws Problem "unavailable" when there is none within `timeoutMs`.
 */
export async function askThrough(
  to: ToSidecar,
  limits: { timeoutMs: number; away: string },
  ask: (client: HTTPClient) => Promise<unknown>,
): Promise<SidecarAnswer> {
  const heard: { answer?: SidecarAnswer; failure?: { error: unknown } } = {};
  const send = async (version: string, url: string, params: Params = null): Promise<SidecarAnswer> => {
    const { method = "GET", headers = {}, body = null } = params ?? {};
    const text = body === null || typeof body === "string" ? body : JSON.stringify(body);
    // An empty query is none.
    const path = `/${version}${url.replace(/\?$/, "")}`;
    const question = { method: method.toUpperCase(), path, headers: new Headers(headers), body: text, ...limits };
    try {
      heard.answer = await askSidecar(to, question);
      return heard.answer;
    } catch (error) {
      heard.failure = { error };
      throw error;
    }
  };
  await ask(clientOf(send));
  // Some building blocks return a failure instead of throwing it.
  if (heard.failure) throw heard.failure.error;
  if (!heard.answer) throw new Error("The building block has sent nothing.");
  return heard.answer;
}

type Send = (version: string, url: string, params?: Params) => Promise<SidecarAnswer>;

/** Building blocks use only these three members of the client: the conformance suites would notice others. */
function clientOf(send: Send): HTTPClient {
  const client = {
    options: { logger: silent },
    execute: async (url: string, params?: Params) => send("v1.0", url, params),
    executeWithApiVersion: send,
  };
  return client as unknown as HTTPClient;
}

/** A failure is thrown, and logged where it is handled. */
const silent = {
  service: { error() {}, warn() {}, info() {}, verbose() {}, debug() {} },
};
