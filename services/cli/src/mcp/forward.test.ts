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
