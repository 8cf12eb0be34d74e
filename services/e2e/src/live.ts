/** One frame of a Server-Sent Events stream. */
export type Frame = { id: string | null; event: string; data: string };

/** An open stream that keeps its frames; `close()` ends it. */
export type Listener = { frames: Frame[]; closed: Promise<void>; close(): void; status: number };

/** Opens `url` as an API client would and listens until closed by either side. */
export async function listen(url: string, token: string, headers: Record<string, string> = {}): Promise<Listener> {
  const abort = new AbortController();
  const response = await fetch(url, {
    headers: { authorization: `Bearer ${token}`, accept: "text/event-stream", ...headers },
    signal: abort.signal,
  });
  const frames: Frame[] = [];
  const closed = response.ok && response.body ? read(response.body, frames) : Promise.resolve();
  return { frames, closed, close: () => abort.abort(), status: response.status };
}

async function read(body: ReadableStream<Uint8Array>, frames: Frame[]): Promise<void> {
  const decoder = new TextDecoder();
  let rest = "";
  try {
    for await (const chunk of body) {
      rest += decoder.decode(chunk, { stream: true });
      const parts = rest.split("\n\n");
      rest = parts.pop() ?? "";
      for (const part of parts) frames.push(...frameOf(part));
    }
  } catch {
    // Aborted by us, or cut by a server that was killed: both end the stream.
  }
}

function frameOf(text: string): Frame[] {
  const field = (name: string) =>
    text
      .split("\n")
      .filter((line) => line.startsWith(`${name}:`))
      .map((line) => line.slice(name.length + 1).replace(/^ /, ""));
  const [event] = field("event");
  return event === undefined ? [] : [{ id: field("id")[0] ?? null, event, data: field("data").join("\n") }];
}
