import { connect, createServer, type Socket } from "node:net";

/** A way to a server that can be broken in every way that a network can. */
export type Way = {
  port: number;
  /** Nothing passes any more, and neither side hears of it. */
  freeze(): void;
  /** What was held up goes on. */
  thaw(): void;
  /** From the server nothing passes any more; to it everything does. */
  muteServer(): void;
  /** The extra delay of every piece, in milliseconds. */
  slowDown(ms: number): void;
  /** Ends every connection with RST, or in order with FIN; how many. */
  cut(how: "reset" | "end"): number;
  /** Takes no new connection: refused at once. */
  close(): Promise<void>;
  open(): Promise<void>;
  stop(): Promise<void>;
};

type Pair = { client: Socket; server: Socket };
type Mood = { toServer: boolean; toClient: boolean; delayMs: number };

/** Passes every byte to `port` of this machine on, until asked for something else. */
export async function startProxy(port: number): Promise<Way> {
  const pairs = new Set<Pair>();
  const mood: Mood = { toServer: true, toClient: true, delayMs: 0 };
  const listener = createServer({ allowHalfOpen: true }, (client) => {
    const server = connect({ host: "127.0.0.1", port, allowHalfOpen: true });
    const pair = { client, server };
    pairs.add(pair);
    const forget = () => {
      pairs.delete(pair);
      client.destroy();
      server.destroy();
    };
    for (const socket of [client, server]) socket.setNoDelay(true).on("error", forget).on("close", forget);
    pass(client, server, mood, "toServer");
    pass(server, client, mood, "toClient");
  });
  const listen = (at: number): Promise<void> =>
    new Promise((resolve, reject) => listener.once("error", reject).listen(at, "127.0.0.1", () => resolve()));
  await listen(0);
  const address = listener.address();
  const own = typeof address === "object" && address ? address.port : 0;
  const close = async (): Promise<void> => {
    const closed = new Promise<void>((resolve) => listener.close(() => resolve()));
    cut(pairs, "reset");
    await closed;
  };
  return {
    port: own,
    freeze: () => void Object.assign(mood, { toServer: false, toClient: false }),
    muteServer: () => void Object.assign(mood, { toClient: false }),
    thaw: () => void Object.assign(mood, { toServer: true, toClient: true, delayMs: 0 }),
    slowDown: (ms) => void Object.assign(mood, { delayMs: ms }),
    cut: (how) => cut(pairs, how),
    close,
    open: () => listen(own),
    stop: close,
  };
}

/** What arrives while the way is shut waits; a piece that is late delays those behind it. */
function pass(from: Socket, to: Socket, mood: Mood, way: "toServer" | "toClient"): void {
  let last: Promise<void> = Promise.resolve();
  const then = (work: () => void): void => {
    last = last.then(async () => {
      if (mood.delayMs > 0) await Bun.sleep(mood.delayMs);
      while (!mood[way] && !to.destroyed) await Bun.sleep(20);
      if (!to.destroyed) work();
    });
  };
  from.on("data", (piece) => then(() => to.write(piece)));
  from.on("end", () => then(() => to.end()));
}

function cut(pairs: ReadonlySet<Pair>, how: "reset" | "end"): number {
  const count = pairs.size;
  for (const { client, server } of pairs) {
    server.destroy();
    if (how === "reset") client.resetAndDestroy();
    else client.end();
  }
  return count;
}
