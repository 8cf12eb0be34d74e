/** No message of the protocol needs more: `/mcp` takes 256 KiB. */
const maxLineBytes = 1_048_576;

/** Stands for a line that was too long: no message either. */
const tooLong = "…";

/** Each line of the stream. */
export async function* linesOf(stream: AsyncIterable<Uint8Array>): AsyncGenerator<string> {
  const decoder = new TextDecoder();
  let rest = "";
  let isTooLong = false;
  for await (const chunk of stream) {
    const parts = (rest + decoder.decode(chunk, { stream: true })).split("\n");
    rest = parts.pop() ?? "";
    for (const line of parts) {
      yield isTooLong || line.length > maxLineBytes ? tooLong : line;
      isTooLong = false;
    }
    if (rest.length <= maxLineBytes) continue;
    isTooLong = true;
    rest = "";
  }
  if (rest !== "" && !isTooLong) yield rest;
}
