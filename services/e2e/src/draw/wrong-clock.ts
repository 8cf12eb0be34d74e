import { readFileSync } from "node:fs";
import { wrongDate } from "@carillon/testing/wrong-date";

/**
 * Loaded before the product: its clock is wrong by the milliseconds that the file `WRONG_CLOCK_FILE` holds, and jumps when the file
 * changes. A part of a program's path behind them makes only that process's clock wrong.
 */
const file = process.env.WRONG_CLOCK_FILE ?? "";
const date = wrongDate();

function read(): void {
  try {
    const [ms, program = ""] = readFileSync(file, "utf8").split(" ");
    date.set(Bun.main.includes(program) ? Number(ms) || 0 : 0);
  } catch {
    date.set(0);
  }
}

read();
setInterval(read, 100).unref();
