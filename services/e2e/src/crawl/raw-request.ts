/** A request as bytes: its path and headers go over the wire exactly as written here, in Latin-1. */
export type RawRequest = {
  method: string;
  path: string;
  headers: readonly (readonly [name: string, value: string])[];
  body: string | Uint8Array | null;
};

/** `body` is empty where only the head was read. */
export type RawAnswer = { status: number; head: string; body: string };

const patienceMs = 60_000;

/**
 * The answer of `origin`, on a connection of its own. `headOnly`: the connection is cut behind the
 * headers, for streams.
 * @throws Error when there is no connection, no answer, or one that is not HTTP.
 */
export async function sendRaw(origin: string, request: RawRequest, { headOnly = false } = {}): Promise<RawAnswer> {
  const { hostname, port } = new URL(origin);
  const bytes = bytesOf(request, `${hostname}:${port}`);
  const chunks: Uint8Array[] = [];
  const answered = Promise.withResolvers<void>();
  const timer = setTimeout(() => answered.reject(new Error("There was no answer in a minute.")), patienceMs);
  const socket = await Bun.connect({
    hostname,
    port: Number(port),
    socket: {
      open: (opened) => void write(opened, bytes),
      drain: (opened) => void write(opened, bytes),
      data: (opened, chunk) => {
        chunks.push(new Uint8Array(chunk));
        if (headOnly && Buffer.concat(chunks).includes("\r\n\r\n")) opened.end();
      },
      close: () => answered.resolve(),
      error: (_opened, error) => answered.reject(error),
    },
  });
  try {
    await answered.promise;
  } finally {
    clearTimeout(timer);
    socket.terminate();
  }
  return parse(Buffer.concat(chunks));
}

/** Writes what the socket accepts and keeps the rest for its next `drain`. */
function write(socket: { write(bytes: Uint8Array): number }, bytes: { rest: Uint8Array }): void {
  if (bytes.rest.length > 0) bytes.rest = bytes.rest.subarray(Math.max(0, socket.write(bytes.rest)));
}

function bytesOf({ method, path, headers, body }: RawRequest, host: string): { rest: Uint8Array } {
  const content = body === null ? null : Buffer.from(body);
  const lines = [`${method} ${path} HTTP/1.1`, `Host: ${host}`, "Connection: close"];
  for (const [name, value] of headers) lines.push(`${name}: ${value}`);
  if (content) lines.push(`Content-Length: ${content.length}`);
  return { rest: Buffer.concat([Buffer.from(`${lines.join("\r\n")}\r\n\r\n`, "latin1"), content ?? Buffer.alloc(0)]) };
}

function parse(bytes: Buffer): RawAnswer {
  const end = bytes.indexOf("\r\n\r\n");
  const head = bytes.subarray(0, end < 0 ? bytes.length : end).toString("latin1");
  const status = Number(/^HTTP\/1\.1 (\d{3})/.exec(head)?.[1]);
  if (!status) throw new Error(`The answer is not HTTP: ${JSON.stringify(head.slice(0, 80))}`);
  return { status, head, body: end < 0 ? "" : bytes.subarray(end + 4).toString("utf8") };
}
