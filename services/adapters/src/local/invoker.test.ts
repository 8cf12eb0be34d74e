import { expect, test } from "bun:test";
import { continueTrace, withTrace } from "@carillon/kit/observe";
import { localInvoker } from "./invoker.ts";

const appToken = "token";

test("a neighbour gets the request as a network would deliver it, with the app token, the caller's name and the trace", async () => {
  const got: { url: string; token: string | null; caller: string | null; trace: string | undefined; body: unknown }[] =
    [];
  const invoker = localInvoker({
    appToken,
    from: "recurring",
    doors: {
      api: {
        async handle(request) {
          const trace = request.headers.get("traceparent")?.split("-")[1];
          got.push({
            url: request.url,
            token: request.headers.get("dapr-api-token"),
            caller: request.headers.get("dapr-caller-app-id"),
            trace,
            body: await request.json(),
          });
          return Response.json({ ok: true }, { status: 201, headers: { etag: '"1"' } });
        },
      },
    },
  });
  const traceId = "4bf92f3577b34da6a3ce929d0e0e4736";
  const request = new Request("http://api/internal/tasks/1?x=%20y", {
    method: "PUT",
    body: '{"a":1}',
    headers: { "dapr-caller-app-id": "forged" },
  });
  const answer = await withTrace(continueTrace(`00-${traceId}-00f067aa0ba902b7-01`), () =>
    invoker.call("api", request),
  );
  expect(got).toEqual([
    {
      url: "http://localhost/internal/tasks/1?x=%20y",
      token: appToken,
      caller: "recurring",
      trace: traceId,
      body: { a: 1 },
    },
  ]);
  expect([answer.status, answer.headers.get("etag"), await answer.json()]).toEqual([201, '"1"', { ok: true }]);
});

test.each([200, 204, 304, 404, 500])("an answer of %d is an answer", async (status) => {
  const invoker = localInvoker({
    appToken,
    from: "recurring",
    doors: { api: { handle: () => new Response(null, { status }) } },
  });
  expect((await invoker.call("api", new Request("http://localhost/x"))).status).toBe(status);
});

test("a missing neighbour, a missing answer and a door that throws are all unavailable", async () => {
  const invoker = localInvoker({
    appToken,
    from: "recurring",
    doors: {
      api: { handle: () => new Promise(() => {}) },
      audit: { handle: () => Promise.reject(new Error("broken")) },
    },
  });
  const request = () => new Request("http://localhost/x");
  const unavailable = { name: "Problem", code: "unavailable" };
  await expect(invoker.call("web", request())).rejects.toMatchObject(unavailable);
  await expect(invoker.call("api", request(), { timeoutMs: 20 })).rejects.toMatchObject(unavailable);
  await expect(invoker.call("audit", request())).rejects.toMatchObject(unavailable);
});
