import { expect, test } from "bun:test";
import { forwardLines } from "./forward.ts";

const line = (message: object): string => JSON.stringify({ jsonrpc: "2.0", ...message });

async function* linesFrom(lines: readonly string[]): AsyncGenerator<string> {
  for (const one of lines) yield one;
}

test("of any number of lines 32 are under way at once, and all are answered", async () => {
  const waiting: (() => void)[] = [];
  let most = 0;
  const written: string[] = [];
  const lines = Array.from({ length: 100 }, (_, id) => line({ id, method: "ping" }));
  await forwardLines(linesFrom(lines), {
    url: new URL("http://localhost/mcp"),
    token: "t",
    write: (text) => void written.push(text),
    send: async (_, { body }) => {
      const { promise, resolve } = Promise.withResolvers<void>();
      waiting.push(resolve);
      most = Math.max(most, waiting.length);
      // The first ones are answered once as many as may be are there.
      if (waiting.length === 32 || JSON.parse(String(body)).id >= 96) for (const go of waiting.splice(0)) go();
      await promise;
      return Response.json({ jsonrpc: "2.0", id: JSON.parse(String(body)).id, result: {} });
    },
  });
  expect(most).toBe(32);
  expect(written).toHaveLength(100);
});

test("a cancelled request is closed and gets no answer", async () => {
  const written: string[] = [];
  let closed = false;
  await forwardLines(
    linesFrom([
      line({ id: 1, method: "tools/call" }),
      line({ method: "notifications/cancelled", params: { requestId: 1 } }),
    ]),
    {
      url: new URL("http://localhost/mcp"),
      token: "t",
      write: (text) => void written.push(text),
      send: async (_, { signal }) => {
        const { promise, reject } = Promise.withResolvers<Response>();
        signal?.addEventListener("abort", () => {
          closed = true;
          reject(new Error("closed"));
        });
        return promise;
      },
    },
  );
  expect({ closed, written }).toEqual({ closed: true, written: [] });
});

test("a notice of a subscription is written when it comes, and the end of the lines ends it", async () => {
  const written: string[] = [];
  const told = Promise.withResolvers<void>();
  const notice = {
    jsonrpc: "2.0",
    method: "notifications/resources/updated",
    params: { uri: "carillon://lists/open" },
  };
  async function* lines(): AsyncGenerator<string> {
    yield line({ id: 1, method: "subscriptions/listen" });
    await told.promise;
  }
  await forwardLines(lines(), {
    url: new URL("http://localhost/mcp"),
    token: "t",
    write: (text) => {
      written.push(text);
      told.resolve();
    },
    send: async (_, { signal }) => {
      const body = new ReadableStream<Uint8Array>({
        start(controller) {
          controller.enqueue(
            new TextEncoder().encode(`: hello\n\nevent: message\ndata: ${JSON.stringify(notice)}\n\n`),
          );
          signal?.addEventListener("abort", () => controller.error(new Error("closed")));
        },
      });
      return new Response(body, { headers: { "content-type": "text/event-stream" } });
    },
  });
  expect(written.map((text) => JSON.parse(text))).toEqual([notice]);
});
