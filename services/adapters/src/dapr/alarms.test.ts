import { expect, test } from "bun:test";
import { daprAlarms } from "./alarms.ts";

type Asked = { method: string; path: string; token: string | null; body: unknown };

/** A sidecar that answers with `status` and records its requests. */
function sidecar(status: number, daprToken = "") {
  const asked: Asked[] = [];
  const alarms = daprAlarms({
    sidecar: new URL("http://127.0.0.1:3500"),
    daprToken,
    timeoutMs: 50,
    async fetch(request) {
      const text = await request.text();
      asked.push({
        method: request.method,
        path: new URL(request.url).pathname,
        token: request.headers.get("dapr-api-token"),
        body: text === "" ? null : JSON.parse(text),
      });
      return new Response(status === 204 ? null : '{"errorCode":"ERR"}', { status });
    },
  });
  return { alarms, asked };
}

test("an alarm becomes a one-shot job that rings every second until it is answered, and replaces one of the same name", async () => {
  const { alarms, asked } = sidecar(204, "secret");
  await alarms.set("rem-1-1", new Date("2026-11-26T16:00:00.123Z"), { traceparent: "00-x" });
  expect(asked).toEqual([
    {
      method: "POST",
      path: "/v1.0-alpha1/jobs/rem-1-1",
      token: "secret",
      body: {
        dueTime: "2026-11-26T16:00:00.123Z",
        data: { traceparent: "00-x" },
        overwrite: true,
        failurePolicy: { constant: { interval: "1s" } },
      },
    },
  ]);
});

test("clearing deletes the job", async () => {
  const { alarms, asked } = sidecar(204);
  await alarms.clear("rem-1-1");
  expect(asked).toEqual([{ method: "DELETE", path: "/v1.0-alpha1/jobs/rem-1-1", token: null, body: null }]);
});

test("a sidecar that rejects, and a scheduler that hangs, are unavailable", async () => {
  const unavailable = { name: "Problem", code: "unavailable" };
  await expect(sidecar(500).alarms.set("rem-1-1", new Date(0), null)).rejects.toMatchObject(unavailable);
  const hanging = daprAlarms({
    sidecar: new URL("http://127.0.0.1:3500"),
    daprToken: "",
    timeoutMs: 20,
    fetch: ({ signal }) => new Promise((_, reject) => signal.addEventListener("abort", () => reject(signal.reason))),
  });
  await expect(hanging.set("rem-1-1", new Date(0), null)).rejects.toMatchObject(unavailable);
});
