import { expect, test } from "bun:test";
import { clientName } from "./client-name.ts";

const gecko = "Mozilla/5.0 (X11; Linux x86_64; rv:133.0) Gecko/20100101 Firefox/133.0";
const blink = "AppleWebKit/537.36 (KHTML, like Gecko) Chrome/131.0.0.0 Safari/537.36";

test.each([
  [gecko, "Firefox on Linux"],
  [`Mozilla/5.0 (Windows NT 10.0; Win64; x64) ${blink}`, "Chrome on Windows"],
  [`Mozilla/5.0 (Windows NT 10.0; Win64; x64) ${blink} Edg/131.0.0.0`, "Edge on Windows"],
  [`Mozilla/5.0 (Linux; Android 10; K) ${blink.replace(" Safari", " Mobile Safari")}`, "Chrome on Android"],
  [
    "Mozilla/5.0 (iPhone; CPU iPhone OS 18_1 like Mac OS X) Version/18.1 Mobile/15E148 Safari/604.1",
    "Safari on iPhone",
  ],
  ["curl/8.5.0", "curl"],
  ["Mozilla/5.0", "unknown"],
  [null, "unknown"],
  ["", "unknown"],
  ['<script>alert("x")</script>', "unknown"],
  [`${"a".repeat(500)}\u202e`, "a".repeat(40)],
])("%p is called %s", (header, name) => {
  expect(clientName(header)).toBe(name);
});
