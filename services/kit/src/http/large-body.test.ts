import { expect, test } from "bun:test";
import { largeBodyOf, pieceBytes, streamedResponse, textResponse } from "./large-body.ts";

const unwatched = { taken: () => {}, end: () => {} };

test("a small text is an ordinary answer, whatever its characters; a larger one goes out in pieces and is the same text", async () => {
  for (const sign of ["a", "é", "字", "🔔"]) {
    const small = sign.repeat(Math.floor(pieceBytes / Buffer.byteLength(sign)));
    expect(largeBodyOf(textResponse(small, {}))).toBeUndefined();
    const large = sign.repeat(100_000);
    const response = textResponse(large, { status: 201, headers: { "content-type": "text/plain" } });
    expect(largeBodyOf(response)).toBeDefined();
    expect([response.status, response.headers.get("content-type")]).toEqual([201, "text/plain"]);
    expect(await response.text()).toBe(large);
  }
});

/** Parts that count themselves. */
function counted(parts: number) {
  const seen = { made: 0, returned: false };
  async function* make() {
    try {
      for (; seen.made < parts; seen.made++) yield `part ${seen.made};`;
    } finally {
      seen.returned = true;
    }
  }
  return { seen, parts: make() };
}

test("a part is made when its reader has taken the one before, and not earlier", async () => {
  const { seen, parts } = counted(100);
  const reader = streamedResponse(parts, {}).body?.getReader();
  await Bun.sleep(5);
  expect(seen.made).toBe(0);
  for (let read = 1; read <= 3; read++) {
    await reader?.read();
    await Bun.sleep(5);
    expect(seen.made).toBeLessThanOrEqual(read);
  }
});

test("an answer ends once: when it is complete, when its reader leaves, when a part fails, when it is cut", async () => {
  const endings: Record<string, (response: Response) => Promise<unknown>> = {
    whole: (response) => response.text(),
    left: async (response) => {
      const reader = response.body?.getReader();
      await reader?.read();
      await reader?.cancel();
    },
    cut: async (response) => {
      await response.body?.getReader().read();
      largeBodyOf(response)?.cut();
      await Bun.sleep(1);
    },
  };
  for (const [how, finish] of Object.entries(endings)) {
    const { seen, parts } = counted(5);
    const response = streamedResponse(parts, {});
    let ends = 0;
    largeBodyOf(response)?.watch({ ...unwatched, end: () => void ends++ });
    await finish(response);
    expect([how, seen.returned, ends > 0]).toEqual([how, true, true]);
  }
  async function* failing() {
    yield "started";
    throw new Error("the database went away");
  }
  const response = streamedResponse(failing(), {});
  let ends = 0;
  largeBodyOf(response)?.watch({ ...unwatched, end: () => void ends++ });
  await expect(response.text()).rejects.toThrow("the database went away");
  expect(ends).toBe(1);
});

test("a cut answer sends nothing more: half an answer never ends like a complete one", async () => {
  const response = textResponse("x".repeat(1_000_000), {});
  const reader = response.body?.getReader();
  await reader?.read();
  largeBodyOf(response)?.cut();
  const next = await Promise.race([reader?.read(), Bun.sleep(50).then(() => "silence")]);
  expect(next).toBe("silence");
});
