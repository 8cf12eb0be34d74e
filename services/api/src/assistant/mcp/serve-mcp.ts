import { bodyLimitBytes } from "@carillon/kit/http";
import { createMcpHandler } from "@modelcontextprotocol/server";
import type { Asking } from "../tools/tool.ts";
import { mcpServer } from "./mcp-server.ts";

/** The SDK's answer to one request of this caller. */
export async function serveMcp(asking: Asking, mayWrite: boolean, request: Request): Promise<Response> {
  const handler = createMcpHandler(() => mcpServer(asking, { mayWrite }), {
    legacy: "stateless",
    responseMode: "auto",
    maxRequestBodySize: bodyLimitBytes,
    // Nothing is announced, so there is nothing to listen for.
    maxSubscriptions: 1,
    onerror: (error) => asking.deps.log.debug("mcp request refused", { error }),
  });
  return handler.fetch(request);
}
