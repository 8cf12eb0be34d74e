/** One event of a stream. */
export type ServerEvent = { id: string | null; event: string; data: string };

/** No event of the product is longer. */
const maxEventChars = 65_536;

/** The stream's events as they come; what is too long is passed over. Comments, which only keep the stream alive, are null. */
export async function* serverEvents(stream: ReadableStream<Uint8Array>): AsyncGenerator<ServerEvent | null> {
  const decoder = new TextDecoder();
  let rest = "";
  for await (const part of stream) {
    rest += decoder.decode(part, { stream: true });
    const blocks = rest.split(/\r?\n\r?\n/);
    rest = blocks.pop() ?? "";
    for (const block of blocks) yield eventOf(block);
    if (rest.length > maxEventChars) rest = "";
  }
}

function eventOf(block: string): ServerEvent | null {
  const fields = block.split(/\r?\n/).flatMap((line) => {
    const [, name = "", value = ""] = /^(\w+): ?(.*)$/.exec(line) ?? [];
    return name === "" ? [] : [[name, value] as const];
  });
  const all = (name: string): string[] => fields.flatMap(([field, value]) => (field === name ? [value] : []));
  const data = all("data").join("\n");
  return data === "" ? null : { id: all("id").at(-1) ?? null, event: all("event").at(-1) ?? "message", data };
}
