import { describe, expect, test } from "bun:test";
import { type AnswerKind, securityHeaders } from "../http/security-headers.ts";
import { createLog } from "../observe/log.ts";
import { Problem } from "./problem.ts";
import { createService } from "./service.ts";

const id = "018f0000-0000-7000-8000-000000000000";

function service(options: { answerKind?: AnswerKind; secure?: boolean } = {}) {
  const lines: string[] = [];
  const log = createLog({ service: "api", level: "debug", write: (line) => lines.push(line) });
  const app = createService({
    name: "api",
    log,
    appToken: "token-of-the-tests",
    parameters: { id: "id", token: "secret" },
    ...options,
  })
    .get("/fine", () => new Response("fine"))
    .get("/own", () => new Response("own", { headers: { "cache-control": "public, max-age=60" } }))
    .get("/refused", () => {
      throw new Problem("conflict", "No.", { headers: { location: "/日本\r\nset-cookie: a=b" } });
    })
    .get("/broken/:token", () => {
      throw new TypeError("a fault of ours");
    })
    .get("/things/:id", () => new Response("thing"))
    .get("/odd/:undeclared", () => new Response("odd"));
  const get = async (path: string, method = "GET"): Promise<Response> =>
    app.handle(new Request(`http://localhost${path}`, { method }));
  return { get, lines };
}

const ways = [
  ["/fine", "GET", 200],
  ["/health/live", "GET", 200],
  ["/refused", "GET", 409],
  [`/things/${id}`, "GET", 200],
  ["/things/export", "GET", 404],
  ["/nowhere", "GET", 404],
  ["/fine", "POST", 405],
  ["/broken/x", "GET", 500],
  [`/odd/${id}`, "GET", 500],
] as const;

for (const [answerKind, secure] of [
  ["page", true],
  ["page", false],
  ["data", true],
  ["data", false],
] as const) {
  describe(`a ${answerKind} ${secure ? "over https" : "over http"}`, () => {
    test.each(ways)("%s %s (%d) carries every header of the table", async (path, method, status) => {
      const response = await service({ answerKind, secure }).get(path, method);
      expect(response.status).toBe(status);
      const expected = securityHeaders(answerKind, { secure });
      const sent = Object.keys(expected).map((name) => [name, response.headers.get(name) ?? "missing"]);
      expect(Object.fromEntries(sent)).toEqual(expected);
      expect(response.headers.has("strict-transport-security")).toBe(secure);
    });
  });
}

test("headers that an answer sets itself stay", async () => {
  expect((await service().get("/own")).headers.get("cache-control")).toBe("public, max-age=60");
});

test("text from outside in a header is encoded, whatever it contains", async () => {
  const { headers } = await service().get("/refused");
  expect(headers.get("location")).toBe("/%E6%97%A5%E6%9C%AC%0D%0Aset-cookie: a=b");
  expect(headers.getSetCookie()).toEqual([]);
});

test("S11: the log has the route and its ids, but no path, because paths contain secrets", async () => {
  const { get, lines } = service();
  for (const path of ["/broken/opens-a-door", "/nowhere/opens-a-door", `/things/${id}?q=opens-a-door`]) await get(path);
  const requests = lines.map((line) => JSON.parse(line)).filter(({ message }) => message === "request");
  expect(lines.join()).not.toContain("opens-a-door");
  expect(requests.map(({ route, parameters }) => ({ route, parameters }))).toEqual([
    { route: "/broken/:token", parameters: undefined },
    { route: undefined, parameters: undefined },
    { route: "/things/:id", parameters: { id } },
  ]);
});
