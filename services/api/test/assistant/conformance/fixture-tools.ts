import {
  type CallToolResult,
  createRequestStateCodec,
  type InputRequests,
  type InputRequiredResult,
  inputRequired,
  MissingRequiredClientCapabilityError,
  ProtocolError,
  ProtocolErrorCode,
  type ServerContext,
} from "@modelcontextprotocol/server";

/** One pixel, and a moment of silence. */
export const image = "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mP8z8DwHwAFBQIAX8jx0gAAAABJRU5ErkJggg==";
const audio = "UklGRiYAAABXQVZFZm10IBAAAAABAAEAQB8AAAB9AAACABAAZGF0YQIAAAA=";

type Answer = CallToolResult | InputRequiredResult;
type Tool = (context: ServerContext) => Answer | Promise<Answer>;

const said = (text: string): CallToolResult => ({ content: [{ type: "text", text }] });
const embedded = (uri: string, mimeType: string, text: string) =>
  ({ type: "resource", resource: { uri, mimeType, text } }) as const;
const pixel = { type: "image", data: image, mimeType: "image/png" } as const;

const form = (message: string, name: string, type: "string" | "boolean") =>
  inputRequired.elicit({
    message,
    requestedSchema: {
      type: "object",
      properties: { [name]: type === "string" ? { type } : { type } },
      required: [name],
    },
  });
const sample = (text: string) =>
  inputRequired.createMessage({ messages: [{ role: "user", content: { type: "text", text } }], maxTokens: 100 });

/** Seals what travels through the client: a forged one is refused. */
const states = createRequestStateCodec<string>({ key: "a key of the conformance tests, of 32 bytes" });

async function stateOf(context: ServerContext): Promise<string | undefined> {
  const sealed = context.mcpReq.requestState<string>();
  if (sealed === undefined) return undefined;
  return states.verify(sealed, context).catch(() => {
    throw new ProtocolError(ProtocolErrorCode.InvalidParams, "This state was not made here.");
  });
}

const keysOf = (context: ServerContext): string[] => Object.keys(context.mcpReq.inputResponses ?? {});
const hasAll = (context: ServerContext, requests: object): boolean =>
  Object.keys(requests).every((name) => keysOf(context).includes(name));

/** Asks for the inputs, and says that it has them once they came with the repeated call. */
const asking =
  (inputRequests: InputRequests, state?: string): Tool =>
  async (context) => {
    const kept = await stateOf(context);
    if (kept === state && hasAll(context, inputRequests))
      return said(`state-ok: received ${JSON.stringify(context.mcpReq.inputResponses)}`);
    return inputRequired({
      inputRequests,
      ...(state === undefined ? {} : { requestState: await states.mint(state, context) }),
    });
  };

const twoRounds: Tool = async (context) => {
  const state = await stateOf(context);
  if (state === "second" && keysOf(context).includes("step2")) return said("Both rounds are done.");
  const isSecond = state === "first" && keysOf(context).includes("step1");
  return inputRequired({
    inputRequests: isSecond
      ? { step2: form("Step 2: What is your favourite colour?", "color", "string") }
      : { step1: form("Step 1: What is your name?", "name", "string") },
    requestState: await states.mint(isSecond ? "second" : "first", context),
  });
};

/** Asks only for what the client has declared that it can give. */
const asCapable: Tool = (context) => {
  const { elicitation, sampling } = capabilitiesOf(context);
  const inputRequests = {
    ...(elicitation ? { elicit_input: form("Say something", "value", "string") } : {}),
    ...(sampling ? { sample_input: sample("Say something") } : {}),
  };
  if (keysOf(context).length > 0 || Object.keys(inputRequests).length === 0) return said("Nothing more is needed.");
  return inputRequired({ inputRequests });
};

type Capabilities = { elicitation?: object; sampling?: object };

const capabilitiesOf = ({ mcpReq }: ServerContext): Capabilities =>
  (mcpReq.envelope as Record<string, Capabilities> | undefined)?.["io.modelcontextprotocol/clientCapabilities"] ?? {};

const needsSampling: Tool = (context) => {
  if (!capabilitiesOf(context).sampling)
    throw new MissingRequiredClientCapabilityError({ requiredCapabilities: { sampling: {} } });
  return said("Sampling is there.");
};

const inSteps: Tool = async ({ mcpReq }) => {
  const progressToken = mcpReq._meta?.progressToken;
  if (progressToken !== undefined)
    for (const progress of [0, 50, 100])
      await mcpReq.notify({ method: "notifications/progress", params: { progressToken, progress, total: 100 } });
  return said("Done in steps.");
};

/** A schema with words that a listing must not lose. */
export const richSchema = {
  $schema: "https://json-schema.org/draft/2020-12/schema",
  type: "object",
  $defs: { address: { $anchor: "address", type: "object", properties: { street: { type: "string" } } } },
  properties: { name: { type: "string" }, address: { $ref: "#/$defs/address" }, kind: { type: "string" } },
  allOf: [{ anyOf: [{ required: ["name"] }, { required: ["address"] }] }],
  if: { properties: { kind: { const: "home" } } },
  // biome-ignore lint/suspicious/noThenProperty: a word of JSON Schema.
  then: { required: ["address"] },
  else: { required: ["name"] },
  additionalProperties: false,
} as const;

/** The tools that the suite calls by its own names. */
export const fixtureTools: Record<string, Tool> = {
  json_schema_2020_12_tool: () => said("ok"),
  test_simple_text: () => said("This is a simple text response for testing."),
  test_image_content: () => ({ content: [pixel] }),
  test_audio_content: () => ({ content: [{ type: "audio", data: audio, mimeType: "audio/wav" }] }),
  test_embedded_resource: () => ({ content: [embedded("test://embedded-resource", "text/plain", "Embedded.")] }),
  test_multiple_content_types: () => ({
    content: [
      { type: "text", text: "Multiple content types test:" },
      pixel,
      embedded("test://mixed-content-resource", "application/json", '{"test":"data","value":123}'),
    ],
  }),
  test_error_handling: () => ({ ...said("This tool intentionally returns an error for testing"), isError: true }),
  test_tool_with_progress: inSteps,
  test_streaming_elicitation: inSteps,
  test_logging_tool: () => said("Nothing is logged to clients."),
  test_missing_capability: needsSampling,
  test_input_required_result_elicitation: asking({ user_name: form("What is your name?", "name", "string") }),
  test_input_required_result_sampling: asking({ capital_question: sample("What is the capital of France?") }),
  test_input_required_result_list_roots: asking({ client_roots: inputRequired.listRoots() }),
  test_input_required_result_request_state: asking({ confirm: form("Please confirm", "ok", "boolean") }, "confirm"),
  test_input_required_result_tampered_state: asking({ confirm: form("Please confirm", "ok", "boolean") }, "tamper"),
  test_input_required_result_multiple_inputs: asking(
    {
      user_name: form("What is your name?", "name", "string"),
      greeting: sample("Generate a greeting"),
      client_roots: inputRequired.listRoots(),
    },
    "several",
  ),
  test_input_required_result_multi_round: twoRounds,
  test_input_required_result_capabilities: asCapable,
};
