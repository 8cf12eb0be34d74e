/** What the stand-in answers to one request: pieces of a stream, a whole answer, or trouble. */
export type Play =
  | { kind: "stream"; pieces: (string | object)[]; isCut?: boolean }
  | { kind: "whole"; message: object }
  | { kind: "status"; status: number; headers?: Record<string, string> }
  | { kind: "silence" };

export type Asked = {
  stream: boolean;
  messages: { role: string; content: string }[];
  tools: { function: { name: string; parameters: { properties: object } } }[];
};

/** A server that speaks Chat Completions over real HTTP and does what a test plans, request by request. */
export function standIn() {
  const plays: ((asked: Asked) => Play)[] = [];
  const asked: Asked[] = [];
  const server = Bun.serve({
    port: 0,
    hostname: "127.0.0.1",
    idleTimeout: 60,
    async fetch(request) {
      const body = (await request.json()) as Asked;
      asked.push(body);
      const play = plays.shift();
      return play ? perform(play(body)) : new Response(null, { status: 500 });
    },
  });
  return {
    url: `http://127.0.0.1:${server.port}/v1`,
    asked,
    /** The next requests are answered so, one after the other. */
    plan(...next: (Play | ((asked: Asked) => Play))[]): void {
      plays.push(...next.map((one) => (typeof one === "function" ? one : () => one)));
    },
    reset(): void {
      plays.length = asked.length = 0;
    },
    stop: () => server.stop(true),
  };
}

function perform(play: Play): Response | Promise<Response> {
  if (play.kind === "status")
    return new Response("{}", { status: play.status, ...(play.headers ? { headers: play.headers } : {}) });
  if (play.kind === "silence") return new Promise(() => {});
  if (play.kind === "whole") {
    return Response.json({
      id: "1",
      object: "chat.completion",
      choices: [{ index: 0, message: play.message, finish_reason: "stop" }],
    });
  }
  const lines = play.pieces.map((piece) => `data: ${typeof piece === "string" ? piece : JSON.stringify(piece)}\n\n`);
  const body = new ReadableStream<Uint8Array>({
    start(controller) {
      for (const line of lines) controller.enqueue(new TextEncoder().encode(line));
      if (play.isCut) controller.error(new Error("cut"));
      else controller.close();
    },
  });
  return new Response(body, { headers: { "content-type": "text/event-stream" } });
}

const chunk = (delta: object, finish_reason: string | null = null) => ({
  id: "1",
  object: "chat.completion.chunk",
  choices: [{ index: 0, delta, finish_reason }],
});

/** A text, in two pieces. */
export const says = (text: string): Play => ({
  kind: "stream",
  pieces: [chunk({ content: text.slice(0, 3) }), chunk({ content: text.slice(3) }, "stop"), "[DONE]"],
});

/** A call as the protocol has it. */
export const calls = (name: string, input: object): Play =>
  callsAs(
    [
      { index: 0, id: "c1", function: { name, arguments: "" } },
      ...pieces(JSON.stringify(input)).map((text) => ({ index: 0, function: { arguments: text } })),
    ],
    "tool_calls",
  );

export const pieces = (text: string): string[] => text.match(/.{1,7}/gs) ?? [];

/** A call in these pieces. */
export const callsAs = (deltas: object[], finish = "tool_calls"): Play => ({
  kind: "stream",
  pieces: [...deltas.map((delta) => chunk({ tool_calls: [delta] })), chunk({}, finish), "[DONE]"],
});

export { chunk };
