import { expect, test } from "bun:test";
import { daprState } from "./state.ts";

/** A sidecar that answers as the test says and records its requests. */
function sidecar(...answers: Response[]) {
  const asked: { method: string; url: string; body: string; token: string | null }[] = [];
  const state = daprState({
    sidecar: new URL("http://localhost:3500"),
    store: "statestore",
    daprToken: "sidecar-token",
    fetch: async (request) => {
      asked.push({
        method: request.method,
        url: request.url,
        body: await request.text(),
        token: request.headers.get("dapr-api-token"),
      });
      return answers.shift() ?? Response.error();
    },
  });
  return { state, asked };
}

test("a value is read with its etag; a missing one is null", async () => {
  const { state, asked } = sidecar(
    Response.json({ attempts: 2 }, { headers: { etag: "7" } }),
    new Response(null, { status: 204 }),
  );
  expect(await state.get<{ attempts: number }>("failure:audit:1/2")).toEqual({ value: { attempts: 2 }, etag: "7" });
  expect(await state.get("nothing")).toBeNull();
  expect(asked[0]).toEqual({
    method: "GET",
    url: "http://localhost:3500/v1.0/state/statestore/failure%3Aaudit%3A1%2F2",
    body: "",
    token: "sidecar-token",
  });
});

test("a value is written unconditionally, or only over the etag that was read, and may expire", async () => {
  const { state, asked } = sidecar(
    new Response(null, { status: 204 }),
    new Response(null, { status: 204 }),
    new Response(null, { status: 409 }),
  );
  expect(await state.set("a", 1, { ttlSeconds: 60 })).toBe(true);
  expect(await state.set("a", 2, { etag: "7" })).toBe(true);
  expect(await state.set("a", 3, { etag: "7" })).toBe(false);
  expect(asked.map(({ method, url }) => `${method} ${url}`)).toEqual(
    Array(3).fill("POST http://localhost:3500/v1.0/state/statestore"),
  );
  expect(asked.map(({ body }) => JSON.parse(body))).toEqual([
    [{ key: "a", value: 1, metadata: { ttlInSeconds: "60" } }],
    [{ key: "a", value: 2, etag: "7", options: { concurrency: "first-write" } }],
    [{ key: "a", value: 3, etag: "7", options: { concurrency: "first-write" } }],
  ]);
});

test("a value is removed", async () => {
  const { state, asked } = sidecar(new Response(null, { status: 204 }));
  await state.delete("a");
  expect(asked).toMatchObject([{ method: "DELETE", url: "http://localhost:3500/v1.0/state/statestore/a" }]);
});

test("G22: a sidecar that is away or in trouble is one problem, never a value", async () => {
  const away = daprState({
    sidecar: new URL("http://localhost:3500"),
    store: "statestore",
    daprToken: "",
    fetch: () => Promise.reject(new TypeError("connection refused")),
  });
  await expect(away.get("a")).rejects.toMatchObject({ code: "unavailable" });
  const { state } = sidecar(new Response("{}", { status: 500 }), new Response(null, { status: 400 }));
  await expect(state.get("a")).rejects.toMatchObject({ code: "unavailable" });
  await expect(state.set("a", 1)).rejects.toMatchObject({ code: "unavailable" });
});
