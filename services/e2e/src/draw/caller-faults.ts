import { connect, type Socket } from "node:net";
import type { Fault, World } from "./world.ts";

const few = (world: World): number => 2_000 + world.random.below(4_000);

/** A socket to a service that has received `bytes` and is not read from. */
function open(origin: string, bytes: string | Uint8Array): Socket {
  const { hostname, port } = new URL(origin);
  const socket = connect({ host: hostname, port: Number(port) });
  socket.on("error", () => {}).once("connect", () => socket.write(bytes));
  socket.pause();
  return socket;
}

async function hold(sockets: Socket[], ms: number): Promise<void> {
  await Bun.sleep(ms);
  for (const socket of sockets) socket.destroy();
}

const request = (path: string, token: string): string =>
  `GET ${path} HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer ${token}\r\n\r\n`;

const paths = ["/api/tasks/export", "/api/sync", "/api/tasks?limit=100", "/api/audit?limit=100", "/stream"];

export const callerFaults: Fault[] = [
  {
    name: "two hundred sockets that ask for much and do not read",
    harm: "503",
    run(world) {
      const { product, readers } = world;
      const sockets = Array.from({ length: 200 }, (_, at) => {
        const path = paths[at % paths.length] ?? "";
        const token = readers[at % readers.length]?.token ?? "";
        return open(path === "/stream" ? product.realtime : product.api, request(path, token));
      });
      return hold(sockets, few(world));
    },
  },
  {
    name: "three hundred bodies left half sent",
    harm: "none",
    run(world) {
      const head =
        "POST /api/signin HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\nContent-Length: 500\r\n\r\n{";
      return hold(
        Array.from({ length: 300 }, () => open(world.product.api, head)),
        few(world) / 2,
      );
    },
  },
  {
    name: "two hundred sockets that say nothing or nonsense",
    harm: "none",
    run(world) {
      const { api, web, realtime } = world.product;
      const doors = [api, web, realtime];
      const sockets = Array.from({ length: 200 }, (_, at) => {
        const bytes = Uint8Array.from({ length: world.random.below(300) }, () => world.random.below(256));
        return open(doors[at % doors.length] ?? api, bytes);
      });
      return hold(sockets, few(world) / 2);
    },
  },
  {
    name: "forty sign-ins with a wrong password at once",
    harm: "503",
    async run({ product }) {
      const headers = { "content-type": "application/json" };
      const tries = Array.from({ length: 40 }, (_, at) => {
        const body = JSON.stringify({ email: `stranger-${at}@example.com`, password: "wrong horse battery" });
        return fetch(`${product.api}/api/signin`, { method: "POST", headers, body }).then((answer) => answer.text());
      });
      await Promise.allSettled(tries);
    },
  },
];
