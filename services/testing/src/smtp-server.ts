import { connect, createServer, type Server, type Socket } from "node:net";
import { createServer as createTlsServer } from "node:tls";
import { selfSigned } from "./certificate.ts";
import { converse, type Received, type SmtpTrouble, type World } from "./smtp-conversation.ts";

export type { SmtpTrouble } from "./smtp-conversation.ts";

export type SmtpServer = {
  port: number;
  /** The certificate to trust, in PEM. */
  certificate: string;
  /** Every accepted message, in order. */
  received: Received[];
  connections(): number;
  next(trouble: SmtpTrouble): void;
  stop(): Promise<void>;
};

type Options = { offersTls?: boolean; users?: Record<string, string>; now: Date };

/** A small SMTP server over real sockets (RFC 5321, STARTTLS, AUTH PLAIN and LOGIN), with injectable faults. */
export async function startSmtpServer({ offersTls = true, users, now }: Options): Promise<SmtpServer> {
  const { key, certificate } = selfSigned(now);
  const sockets = new Set<Socket>();
  let connections = 0;
  const world: World = { received: [], troubles: [], users: users ?? null, offersTls };
  const secure = createTlsServer({ key, cert: certificate }, (socket) => converse(socket, world, true, () => {}));
  const securePort = await listen(secure);
  const plain = createServer((socket) => {
    connections++;
    sockets.add(socket);
    socket.on("error", () => {}).on("close", () => sockets.delete(socket));
    converse(socket, world, false, () => {
      // From here on the bytes are TLS: they go on to the server that speaks it.
      const onward = connect(securePort, "127.0.0.1");
      onward.on("error", () => socket.destroy());
      socket.pipe(onward).pipe(socket);
    });
  });
  const port = await listen(plain);
  return {
    port,
    certificate,
    received: world.received,
    connections: () => connections,
    next: (trouble) => void world.troubles.push(trouble),
    async stop() {
      for (const socket of sockets) socket.destroy();
      await Promise.all([plain, secure].map((server) => new Promise((closed) => server.close(closed))));
    },
  };
}

const listen = (server: Server): Promise<number> =>
  new Promise((ready) => {
    server.listen(0, "127.0.0.1", () => {
      const address = server.address();
      ready(typeof address === "object" && address ? address.port : 0);
    });
  });
