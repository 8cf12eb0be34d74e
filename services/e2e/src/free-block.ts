import { createServer } from "node:net";

const lowest = 20_000;
const highest = 32_000;

/** Consecutive loopback ports that are free at this moment; below those for outgoing connections. */
export async function freeBlock(count: number): Promise<number[]> {
  for (let attempt = 0; attempt < 50; attempt++) {
    const first = lowest + Math.floor(Math.random() * (highest - lowest - count));
    const ports = Array.from({ length: count }, (_, at) => first + at);
    if ((await Promise.all(ports.map(isFree))).every(Boolean)) return ports;
  }
  throw new Error(`There are no ${count} free ports in a row.`);
}

function isFree(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const probe = createServer().once("error", () => resolve(false));
    probe.listen(port, "127.0.0.1", () => probe.close(() => resolve(true)));
  });
}
