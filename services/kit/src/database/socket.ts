import net from "node:net";
import tls from "node:tls";

export type Address = { host: string; port: number; path?: string | false | undefined };
/** As postgres.js reads it from an address or from its options. */
export type Ssl = boolean | "require" | "allow" | "prefer" | "verify-full" | object;

/**
 * A connected socket to PostgreSQL, encrypted if `ssl` asks for it. `onSocket` receives the bare
 * socket before it is connected, so that the caller can abort the attempt.
 */
export async function openSocket(
  address: Address,
  { ssl, isDirect }: { ssl: Ssl; isDirect: boolean },
  onSocket: (socket: net.Socket) => void,
): Promise<net.Socket> {
  const { host, port, path } = address;
  const socket = path ? net.connect({ path }) : net.connect({ host, port });
  onSocket(socket);
  await event(socket, "connect");
  if (!ssl) return socket;
  if (!isDirect && !(await offersTls(socket))) {
    if (ssl === "prefer" || ssl === "allow") return socket;
    throw new Error("The database offers no encryption, which DATABASE_URL asks for.");
  }
  const isLoose = ssl === "require" || ssl === "allow" || ssl === "prefer";
  const encrypted = tls.connect({
    socket,
    ...(net.isIP(host) ? {} : { servername: host }),
    ...(isDirect ? { ALPNProtocols: ["postgresql"] } : {}),
    ...(isLoose ? { rejectUnauthorized: false } : {}),
    ...(typeof ssl === "object" ? ssl : {}),
  });
  onSocket(encrypted);
  await event(encrypted, "secureConnect");
  return encrypted;
}

/** Length 8 and the number that asks for TLS (PostgreSQL's documentation, "SSL Session Encryption"). */
const tlsRequest = Buffer.from([0, 0, 0, 8, 4, 210, 22, 47]);

async function offersTls(socket: net.Socket): Promise<boolean> {
  socket.write(tlsRequest);
  const [answer] = await event(socket, "data");
  return Buffer.isBuffer(answer) && answer[0] === "S".charCodeAt(0);
}

/** The arguments of the next `name` event; rejects when the socket fails or closes first. */
function event(socket: net.Socket, name: string): Promise<unknown[]> {
  return new Promise((resolve, reject) => {
    const forget = () => {
      socket.off(name, came).off("error", failed).off("close", closed);
    };
    const came = (...values: unknown[]) => {
      forget();
      resolve(values);
    };
    const failed = (error: Error) => {
      forget();
      reject(error);
    };
    const closed = () => failed(Object.assign(new Error("The connection was closed."), { code: "CONNECTION_CLOSED" }));
    socket.once(name, came).once("error", failed).once("close", closed);
  });
}

/**
 * The same socket, whose end the driver does not hear of: the lane ends what waits, and the driver
 * would reject a query of its own that no caller awaits.
 */
export function keptFromDriver(socket: net.Socket): net.Socket {
  const { on } = socket;
  socket.on = function listen(this: net.Socket, event: string, listener: (...given: never[]) => void): net.Socket {
    return event === "error" || event === "close" ? this : Reflect.apply(on, this, [event, listener]);
  } as typeof on;
  return socket;
}

/** The driver is bypassed: it would write to the closed socket, outside every promise. */
export function abandon(socket: net.Socket): void {
  socket.removeAllListeners();
  socket.addListener("error", () => {});
  socket.destroy();
}
