import { expect, test } from "bun:test";
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
