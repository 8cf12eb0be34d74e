/**
 * The address in the log line in which a service says where it listens. Its output is read to the end: a process whose reader left cannot
 * log. @throws Error with all it said when it ends before.
 */
export function listening(output: ReadableStream<Uint8Array>): Promise<string> {
  const found = Promise.withResolvers<string>();
  const read = async () => {
    const utf8 = new TextDecoder();
    let text = "";
    for await (const part of output) {
      text += utf8.decode(part, { stream: true });
      const url = /"message":"listening","url":"([^"]+)"/.exec(text)?.[1];
      if (url) found.resolve(url);
    }
    found.reject(new Error(`it ended: ${text}`));
  };
  read().catch(found.reject);
  return found.promise;
}
