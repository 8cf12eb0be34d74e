/** A server's raw answer on a connection of its own: the first answer's status, or 0 when it closed without one. */
export type RawAnswer = { status: number; text: string };

/** A missing answer for this long is an answer too: the connection is cut and returned with what came so far. */
const silenceMs = 10_000;

/** Sends bytes as they are, without a client's own validation, and reads until the server closes. */
export function sendRaw(port: number, request: string, hostname = "127.0.0.1"): Promise<RawAnswer> {
  const { promise, resolve, reject } = Promise.withResolvers<RawAnswer>();
  let text = "";
  const end = (): void => resolve({ status: Number(/^HTTP\/1\.[01] (\d{3})/.exec(text)?.[1] ?? 0), text });
  Bun.connect({
    hostname,
    port,
    socket: {
      open(socket) {
        socket.timeout(silenceMs / 1_000);
        // One character, one byte.
        socket.write(Buffer.from(request, "latin1"));
      },
      data(_socket, data) {
        text += Buffer.from(data).toString("latin1");
      },
      timeout: (socket) => void socket.terminate(),
      close: end,
      error: end,
    },
  }).catch(reject);
  return promise;
}
