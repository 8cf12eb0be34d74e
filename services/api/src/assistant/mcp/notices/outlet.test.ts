import { expect, test } from "bun:test";
import { createOutlet } from "./outlet.ts";

const piece = (text: string) => new TextEncoder().encode(text);
const acknowledgement = piece("event: message\ndata: {}\n\n");

test("a reader that takes nothing gets nothing more, and then one notice of each resource that changed", () => {
  const { bus, tell, taken } = createOutlet();
  const told: string[] = [];
  bus.subscribe((event) => void (event.kind === "resource_updated" && told.push(event.uri)));
  for (let at = 0; at < 1_000; at++) tell(["a"]);
  expect(told).toEqual([]);
  taken(acknowledgement);
  expect(told).toEqual(["a"]);
  for (let at = 0; at < 1_000; at++) tell(["a", "b"]);
  taken(piece(": keepalive\n\n"));
  expect(told).toEqual(["a"]);
  taken(piece("event: message\n\n"));
  expect(told).toEqual(["a", "a", "b"]);
});
