import { inputRequired, ProtocolError, ProtocolErrorCode, type Server } from "@modelcontextprotocol/server";
import { answerCall } from "../../../src/assistant/mcp/answer-call.ts";
import { complete } from "../../../src/assistant/mcp/complete.ts";
import { mcpServer } from "../../../src/assistant/mcp/mcp-server.ts";
import { readResource } from "../../../src/assistant/mcp/resources.ts";
import { listedTools } from "../../../src/assistant/tools/listed-tools.ts";
import type { Asking } from "../../../src/assistant/tools/tool.ts";
import { fixtureTools, image, richSchema } from "./fixture-tools.ts";

const inputSchema = { type: "object" } as const;
const texts: Record<string, object> = {
  "test://static-text": { mimeType: "text/plain", text: "This is the content of the static text resource." },
  "test://static-binary": { mimeType: "image/png", blob: image },
};
const promptArguments: Record<string, string[]> = {
  test_simple_prompt: [],
  test_prompt_with_arguments: ["arg1", "arg2"],
  test_prompt_with_embedded_resource: ["resourceUri"],
  test_prompt_with_image: [],
  test_input_required_result_prompt: [],
};
const prompts = Object.entries(promptArguments).map(([name, given]) => ({
  name,
  description: "For the conformance suite.",
  arguments: given.map((argument) => ({ name: argument, description: "Any text.", required: true })),
}));

type Message = { role: "user"; content: object };
const user = (content: object): Message => ({ role: "user", content });
const words = (text: string): Message => user({ type: "text", text });

function messagesOf(name: string, given: Record<string, string>): Message[] {
  switch (name) {
    case "test_prompt_with_arguments":
      return [words(`Prompt with arguments: arg1='${given.arg1}', arg2='${given.arg2}'`)];
    case "test_prompt_with_embedded_resource":
      return [
        user({ type: "resource", resource: { uri: given.resourceUri, mimeType: "text/plain", text: "Embedded." } }),
        words("Please process the embedded resource above."),
      ];
    case "test_prompt_with_image":
      return [user({ type: "image", data: image, mimeType: "image/png" }), words("Please analyze the image above.")];
    default:
      return [words("This is a simple prompt for testing.")];
  }
}

/** The product's server with the tools, resources and prompts that the conformance suite asks for by name. */
export function fixtureServer(asking: Asking, era: "modern" | "legacy"): Server {
  const server = mcpServer(asking, { mayWrite: true, era });
  const names = Object.keys(fixtureTools);
  server.setRequestHandler("tools/list", () => ({
    tools: [
      ...listedTools(true),
      ...names.map((name) => ({
        name,
        description: "For the conformance suite.",
        inputSchema: name === "json_schema_2020_12_tool" ? richSchema : inputSchema,
      })),
    ],
  }));
  server.setRequestHandler("tools/call", async ({ params }, context) => {
    const tool = fixtureTools[params.name];
    const circumstances = { mayWrite: true, canAsk: false, consent: undefined, responses: undefined };
    return tool?.(context) ?? answerCall(asking, params, circumstances);
  });
  server.setRequestHandler("resources/read", async ({ params: { uri } }) => {
    if (uri.startsWith("carillon:")) return readResource(asking, uri);
    const id = /^test:\/\/template\/([^/]+)\/data$/.exec(uri)?.[1];
    const data = JSON.stringify({ id, templateTest: true, data: `Data for ID: ${id}` });
    const found = id === undefined ? texts[uri] : { mimeType: "application/json", text: data };
    if (!found) throw new ProtocolError(ProtocolErrorCode.InvalidParams, "Resource not found", { uri });
    return { contents: [{ uri, ...found } as never] };
  });
  server.setRequestHandler("prompts/list", () => ({ prompts }));
  server.setRequestHandler("prompts/get", ({ params }, { mcpReq }) => {
    if (params.name === "test_input_required_result_prompt" && mcpReq.inputResponses === undefined) {
      const requestedSchema = { type: "object", properties: { context: { type: "string" } } } as const;
      const user_context = inputRequired.elicit({ message: "What context should the prompt use?", requestedSchema });
      return inputRequired({ inputRequests: { user_context } });
    }
    return { messages: messagesOf(params.name, params.arguments ?? {}) as never };
  });
  server.setRequestHandler("completion/complete", ({ params }) => {
    const isOurs = params.ref.type === "ref/prompt" && params.ref.name in promptArguments;
    return isOurs ? { completion: { values: ["test value"], hasMore: false } } : complete(asking, params);
  });
  return server;
}
