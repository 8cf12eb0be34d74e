import { readFileSync } from "node:fs";

/**
 * Loaded before the product: its clock is wrong by the milliseconds that the file `WRONG_CLOCK_FILE` holds, and jumps when the file
 * changes.
 */
const file = process.env.WRONG_CLOCK_FILE ?? "";
const right = Date;
let skewMs = 0;

function read(): void {
  try {
    skewMs = Number(readFileSync(file, "utf8")) || 0;
  } catch {
    skewMs = 0;
  }
}

read();
setInterval(read, 100).unref();
const now = (): number => right.now() + skewMs;
globalThis.Date = new Proxy(right, {
  construct: (target, given, called) => Reflect.construct(target, given.length === 0 ? [now()] : given, called),
  apply: () => new right(now()).toString(),
  get: (target, name) => (name === "now" ? now : Reflect.get(target, name)),
});
