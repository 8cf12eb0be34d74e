import type { Socket } from "bun";

type Pair = { other: Socket<Pair> | null; early: Buffer[] };

export type StallingProxy = {
  url: string;
  /** Connections stay open and carry nothing. */
  stall(stalled: boolean): void;
  /** From now on a connection that carries this text is cut. */
  cutAt(text: string): void;
  stop(): void;
};

/** A proxy to a database that can fail as networks do. */
export function stallingProxy(url: string): StallingProxy {
  const target = new URL(url);
  let stalled = false;
  let fatal: string | null = null;
  const carry = (socket: Socket<Pair>, data: Buffer) => {
    if (stalled) return;
    if (fatal !== null && data.includes(fatal)) {
      socket.data.other?.end();
      socket.end();
      return;
    }
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
    cutAt(text) {
      fatal = text;
    },
    stop: () => server.stop(true),
  };
}
