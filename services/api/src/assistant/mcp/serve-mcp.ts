import { bodyLimitBytes } from "@carillon/kit/http";
import { createMcpHandler, type Server } from "@modelcontextprotocol/server";
import type { Asking } from "../tools/tool.ts";
import { mcpServer } from "./mcp-server.ts";

/** The SDK's answer to one request of this caller. */
export const serveMcp = (asking: Asking, mayWrite: boolean, request: Request): Promise<Response> =>
  answerMcp(asking, request, () => mcpServer(asking, { mayWrite }));

/** The same from any server: the conformance suite needs one with tools of its own. */
export async function answerMcp({ deps }: Asking, request: Request, serverOf: () => Server): Promise<Response> {
  const handler = createMcpHandler(serverOf, {
    legacy: "stateless",
    responseMode: "auto",
    maxRequestBodySize: bodyLimitBytes,
    // Nothing is announced, so there is nothing to listen for.
    maxSubscriptions: 1,
    onerror: (error) => deps.log.debug("mcp request refused", { error }),
  });
  return handler.fetch(request);
}
