/** A service's addresses: for people and programs, and for its sidecar, neighbours and Prometheus. */
export type Addresses = { open: string; internal: string };

/**
 * The addresses in the log lines in which a service reports its listeners. Its output is read to the
 * end, because a process whose reader left cannot log. @throws Error with its whole output when it
 * ends first.
 */
export function listening(output: ReadableStream<Uint8Array>): Promise<Addresses> {
  const found = Promise.withResolvers<Addresses>();
  const read = async () => {
    const utf8 = new TextDecoder();
    let text = "";
    for await (const part of output) {
      text += utf8.decode(part, { stream: true });
      const open = /"message":"listening","url":"([^"]+)"/.exec(text)?.[1];
      const internal = /"message":"listening inside","url":"([^"]+)"/.exec(text)?.[1];
      if (open && internal) found.resolve({ open, internal });
    }
    found.reject(new Error(`it ended: ${text}`));
  };
  read().catch(found.reject);
  return found.promise;
}
