import { afterEach, expect, test } from "bun:test";
import { connect, createServer, type Socket } from "node:net";
import { startProxy } from "./proxy.ts";

const stops: (() => unknown)[] = [];
afterEach(async () => {
  for (const stop of stops.splice(0).reverse()) await stop();
});

/** A server that says everything again, behind a proxy. */
async function echo() {
  const server = createServer((socket) => void socket.on("error", () => {}).pipe(socket));
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", () => resolve()));
  stops.push(() => server.close());
  const address = server.address();
  const proxy = await startProxy(typeof address === "object" && address ? address.port : 0);
  stops.push(proxy.stop);
  return proxy;
}

function open(port: number) {
  const socket: Socket = connect({ host: "127.0.0.1", port });
  const seen = { heard: "", end: "" };
  socket
    .on("data", (bytes) => {
      seen.heard += bytes.toString();
    })
    .on("error", (error) => {
      seen.end = "code" in error ? String(error.code) : "error";
    })
    .on("end", () => {
      seen.end ||= "end";
    });
  stops.push(() => socket.destroy());
  return { socket, seen };
}

async function until(holds: () => boolean): Promise<void> {
  for (let waitedMs = 0; !holds(); waitedMs += 5) {
    if (waitedMs > 10_000) throw new Error("It never came.");
    await Bun.sleep(5);
  }
}

test("what is held up arrives later, in its order", async () => {
  const proxy = await echo();
  const { socket, seen } = open(proxy.port);
  socket.write("one ");
  await until(() => seen.heard === "one ");
  proxy.muteServer();
  socket.write("two ");
  socket.write("three");
  await Bun.sleep(100);
  expect(seen.heard).toBe("one ");
  proxy.thaw();
  await until(() => seen.heard === "one two three");
});

test("connections end with a reset or in order, as asked, and a closed way refuses until it is open again", async () => {
  const proxy = await echo();
  for (const [how, end] of [
    ["reset", "ECONNRESET"],
    ["end", "end"],
  ] as const) {
    const { socket, seen } = open(proxy.port);
    socket.write("here");
    await until(() => seen.heard === "here");
    proxy.cut(how);
    await until(() => seen.end !== "");
    expect(seen.end).toBe(end);
  }
  await proxy.close();
  const refused = open(proxy.port);
  await until(() => refused.seen.end !== "");
  expect(refused.seen.end).toBe("ECONNREFUSED");
  await proxy.open();
  const { socket, seen } = open(proxy.port);
  socket.write("again");
  await until(() => seen.heard === "again");
});
