import { test } from "bun:test";
import { elsewhereMark, type Mode, mode } from "./mode.ts";

/** A test of something that only one mode has. In the other it is reported, with the reason, and does not count. */
export function testIn(only: Mode, reason: string, name: string, work: () => Promise<void>, timeoutMs?: number): void {
  if (only === mode) test(name, work, timeoutMs);
  else process.stdout.write(`${elsewhereMark} ${name}: ${reason}\n`);
}
