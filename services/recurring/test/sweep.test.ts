import { expect, test } from "bun:test";
import type { MissingPage } from "@carillon/contracts/http/occurrences";
import { watermarkKey } from "../src/sweep.ts";
import { completionOf } from "./completion.ts";
import { openDoor, settled } from "./door.ts";

const some = (count: number) => Array.from({ length: count }, () => completionOf("daily", { id: Bun.randomUUIDv7() }));

const page = (count: number, next_cursor: string | null): Response =>
  Response.json({ data: some(count), next_cursor } satisfies MissingPage);

/** An api whose list of missing successors has these pages, each under the cursor of the one before. */
const pages =
  (list: Record<string, () => Response>, settle: () => Response = () => settled("made")) =>
  ({ what }: { what: string }): Response => {
    if (!what.startsWith("GET")) return settle();
    const cursor = new URL(what.slice(4), "http://localhost").searchParams.get("cursor") ?? "";
    return list[cursor]?.() ?? new Response(null, { status: 500 });
  };

test("settles page after page to the end, and then starts over", async () => {
  const door = openDoor(pages({ "": () => page(2, "b"), b: () => page(2, "c"), c: () => page(1, null) }));
  expect(await door.sweep()).toEqual({ settled: 5, failed: 0 });
  expect(await door.state.get<unknown>(watermarkKey)).toMatchObject({ value: { cursor: null } });
});

test("continues where the last round stopped, so that a completion that cannot be settled does not block the rest", async () => {
  let isAway = true;
  const settle = () => (isAway ? new Response(null, { status: 409 }) : settled("made"));
  const door = openDoor(pages({ "": () => page(2, "b"), b: () => page(3, null) }, settle));
  expect(await door.sweep()).toEqual({ settled: 0, failed: 2 });
  isAway = false;
  expect(await door.sweep()).toEqual({ settled: 3, failed: 0 });
  expect(await door.sweep()).toEqual({ settled: 5, failed: 0 });
});

test("without its watermark it starts from zero, and an unavailable list is an error", async () => {
  const door = openDoor(pages({ "": () => page(1, null) }));
  door.state.get = () => Promise.reject(new Error("no state store"));
  door.state.set = () => Promise.reject(new Error("no state store"));
  expect(await door.sweep()).toEqual({ settled: 1, failed: 0 });
  const closed = openDoor(() => new Response(null, { status: 503 }));
  expect(await closed.sweep().catch((error: Error) => error.message)).toBe("api answered 503");
});

test("one round ends, however long the list is", async () => {
  const door = openDoor(({ what }) => (what.startsWith("GET") ? page(1, "more") : settled("made")));
  expect((await door.sweep()).settled).toBe(40);
});
