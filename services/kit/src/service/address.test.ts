import { expect, test } from "bun:test";
import { addressOf } from "./address.ts";

/**
 * A request as Bun's listener creates it: its address is what `Host` says, or a bare path when that is
 * not an authority.
 */
const heard = (url: string, host?: string) =>
  // A listener's request may have an address that our own `Request` cannot have.
  ({ url, headers: new Headers(host === undefined ? {} : { host }) }) as Request;

test.each([
  "a",
  "abc",
  "localhost",
  "LOCALHOST:8000",
  "127.0.0.1:1",
  "[::1]",
  "[::1]:80",
  "a_b-c.example.",
  "xn--bcher-kva.example",
])("%s is an authority", (host) => {
  expect(addressOf(heard(`http://${host}/x?y`, host))?.pathname).toBe("/x");
});

test.each([
  "",
  " ",
  "a b",
  "a, a",
  ",",
  "a@b",
  "a/b",
  "a?b",
  "a#b",
  "a%41",
  "a%zz",
  "*",
  "-",
  ".",
  "a:",
  "a:x",
  "a:123456",
  "[::1",
  "::1",
  "bücher",
  "a\\b",
])("%j is not an authority", (host) => {
  expect(addressOf(heard("http://localhost/x", host))).toBeNull();
});

test("an address that is a bare path, of another protocol or unreadable is invalid, whatever Host says", () => {
  for (const url of [
    "/internal/session",
    "//internal",
    "",
    "a:1",
    "https://localhost/",
    "http://a:99999/",
    "http://[::1/",
  ])
    expect(addressOf(heard(url, "localhost"))).toBeNull();
});

test("a call inside the process has no Host and needs none", () => {
  expect(addressOf(new Request("http://localhost/x"))?.pathname).toBe("/x");
});
