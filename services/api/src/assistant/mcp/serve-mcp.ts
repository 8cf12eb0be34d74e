import { bodyLimitBytes } from "@carillon/kit/http";
import {
  createMcpHandler,
  InMemoryServerEventBus,
  type McpRequestContext,
  type Server,
  type ServerEventBus,
} from "@modelcontextprotocol/server";
import type { Asking } from "../tools/tool.ts";
import { mcpServer } from "./mcp-server.ts";
import { listen, readListening } from "./notices/listen.ts";

/** `message`: the parsed body; `hurry`: closes the connection soon when its client does not read. */
export type Asked = { request: Request; message: unknown; hurry: () => void };
type ServerOf = (context: Pick<McpRequestContext, "era">) => Server;

/** The SDK's answer to one request of this caller. */
export const serveMcp = (asking: Asking, mayWrite: boolean, asked: Asked): Promise<Response> =>
  answerMcp(asking, asked, ({ era }) => mcpServer(asking, { mayWrite, era }));

/** The same from any server: the conformance suite needs one with tools of its own. */
export async function answerMcp(
  { deps, userId, by }: Asking,
  { request, message, hurry }: Asked,
  serverOf: ServerOf,
): Promise<Response> {
  const handlerOf = (bus: ServerEventBus) =>
    createMcpHandler(serverOf, {
      legacy: "stateless",
      responseMode: "auto",
      maxRequestBodySize: bodyLimitBytes,
      // Each handler serves one request.
      maxSubscriptions: 1,
      bus,
      onerror: (error) => deps.log.debug("mcp request refused", { error }),
    });
  const listening = readListening(message);
  const { notices } = deps;
  if (listening === null) return handlerOf(new InMemoryServerEventBus()).fetch(request);
  return listen({ notices, who: { userId, credentialId: by.id }, listening, request, hurry, handlerOf });
}
