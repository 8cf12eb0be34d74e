import { expect, test } from "bun:test";
import { appTokenHeader } from "@carillon/contracts/names";
import { Problem } from "@carillon/kit/service";
import { daprInvoker } from "./invoker.ts";

/** A sidecar that answers as the test says and records its requests. */
function sidecar(answer: (request: Request) => Response | Promise<Response>) {
  const asked: Request[] = [];
  const invoker = daprInvoker({
    sidecar: new URL("http://localhost:3500"),
    daprToken: "sidecar-token",
    fetch: async (request) => {
      asked.push(request.clone());
      return answer(request);
    },
  });
  return { invoker, asked };
}

const put = () =>
  new Request("http://localhost/internal/tasks/1?a=b", {
    method: "PUT",
    headers: { "content-type": "application/json", [appTokenHeader]: "our own" },
    body: '{"x":1}',
  });

test("a call goes to the neighbour by name, with method, path, query, body and the sidecar's token in place of ours", async () => {
  const { invoker, asked } = sidecar(() => Response.json({ outcome: "made" }, { status: 201 }));
  const answer = await invoker.call("api", put());
  expect([answer.status, await answer.json()]).toEqual([201, { outcome: "made" }]);
  const [request] = asked;
  expect([request?.method, request?.url, await request?.text(), request?.headers.get("dapr-api-token")]).toEqual([
    "PUT",
    "http://localhost:3500/v1.0/invoke/api/method/internal/tasks/1?a=b",
    '{"x":1}',
    "sidecar-token",
  ]);
});

test("the neighbour's own failure is its answer", async () => {
  const { invoker } = sidecar(
    () => new Response("{}", { status: 503, headers: { "content-type": "application/problem+json" } }),
  );
  expect((await invoker.call("api", put())).status).toBe(503);
});

const codeOf = (error: unknown): string => (error instanceof Problem ? error.code : String(error));

test("a sidecar that cannot reach the neighbour, rejects us, is away or hangs is always the same: unavailable", async () => {
  const cannot = () => Response.json({ errorCode: "ERR_DIRECT_INVOKE", message: "failed to resolve" }, { status: 500 });
  const refused = () => new Response("invalid api token", { status: 401 });
  const gone = () => Promise.reject(new TypeError("Unable to connect"));
  const hangs = ({ signal }: Request) =>
    new Promise<Response>((_, reject) => signal.addEventListener("abort", () => reject(signal.reason)));
  for (const answer of [cannot, refused, gone, hangs]) {
    const { invoker } = sidecar(answer);
    expect(await invoker.call("api", put(), { timeoutMs: 50 }).then(() => "answered", codeOf)).toBe("unavailable");
  }
});
