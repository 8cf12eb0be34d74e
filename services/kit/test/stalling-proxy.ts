import type { Socket } from "bun";

type Pair = { other: Socket<Pair> | null; early: Buffer[] };

/** A way to a database that can go dead without a word: connections stay open and carry nothing. */
export function stallingProxy(url: string): { url: string; stall(stalled: boolean): void; stop(): void } {
  const target = new URL(url);
  let stalled = false;
  const carry = (socket: Socket<Pair>, data: Buffer) => {
    if (stalled) return;
    if (socket.data.other) socket.data.other.write(data);
    else socket.data.early.push(Buffer.from(data));
  };
  const close = (socket: Socket<Pair>) => void socket.data.other?.end();
  const server = Bun.listen<Pair>({
    hostname: "127.0.0.1",
    port: 0,
    socket: {
      async open(socket) {
        socket.data = { other: null, early: [] };
        const other = await Bun.connect<Pair>({
          hostname: target.hostname,
          port: Number(target.port),
          data: { other: socket, early: [] },
          socket: { data: carry, close, error: () => {} },
        });
        socket.data.other = other;
        for (const data of socket.data.early) other.write(data);
      },
      data: carry,
      close,
      error: () => {},
    },
  });
  const through = new URL(url);
  through.port = String(server.port);
  return {
    url: through.href,
    stall(on) {
      stalled = on;
    },
    stop: () => server.stop(true),
  };
}
