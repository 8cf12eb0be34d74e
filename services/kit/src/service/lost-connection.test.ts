import { expect, test } from "bun:test";
import { join } from "node:path";
import { isLostSocket } from "./lost-connection.ts";

const thrownIn = (message: string, file: string): TypeError => {
  const error = new TypeError(message);
  error.stack = `TypeError: ${message}\n    at nextWrite (/app/node_modules/${file}:255:15)`;
  return error;
};

test("a write to a socket that postgres.js has just lost does not end the process", () => {
  const message = "null is not an object (evaluating 'socket.write')";
  expect(isLostSocket(thrownIn(message, "postgres/src/connection.js"))).toBe(true);
});

test("any other failure nobody caught does", () => {
  expect(isLostSocket(thrownIn("null is not an object (evaluating 'socket.write')", "elsewhere/index.js"))).toBe(false);
  expect(isLostSocket(thrownIn("undefined is not a function", "postgres/src/connection.js"))).toBe(false);
  expect(isLostSocket("socket")).toBe(false);
});

test("G24: a failure nobody caught, thrown or rejected, ends the process in order and with a line in the log", async () => {
  for (const failing of ["setTimeout(() => { throw new Error('no') })", "void Promise.reject(new Error('no'))"]) {
    const program = `
      import { surviveLostConnections } from ${JSON.stringify(join(import.meta.dir, "lost-connection.ts"))};
      const quiet = () => {};
      const log = { debug: quiet, info: quiet, warn: quiet, error: (message) => console.log(message) };
      surviveLostConnections(log, (code) => setTimeout(() => { console.log("stopped in order"); process.exit(code); }, 20));
      ${failing};
      setInterval(quiet, 1_000);`;
    const child = Bun.spawn([process.execPath, "-e", program], { stdout: "pipe", stderr: "pipe" });
    const said = await new Response(child.stdout).text();
    expect([await child.exited, said]).toEqual([1, "a failure nobody caught\nstopped in order\n"]);
  }
});
