import { expect, test } from "bun:test";
import { type SmokeDeps, smoke } from "./smoke.ts";

/** A product that records its requests; `answers` overrides some answers. */
function product(answers: Record<string, () => Response> = {}): { deps: SmokeDeps; asked: string[] } {
  const asked: string[] = [];
  let at = Date.parse("2026-11-21T12:00:00Z");
  const usual: Record<string, () => Response> = {
    "GET /health/ready": () => new Response("ready"),
    "GET /openapi.json": () => Response.json({ openapi: "3.1.0" }),
    "POST /api/signup": () => Response.json({ access_token: "first" }, { status: 201 }),
    "POST /api/signin": () => Response.json({ access_token: "second" }),
    "POST /api/tasks": () => Response.json({ id: "one" }, { status: 201 }),
    "PATCH /api/tasks/one/complete": () => Response.json({ id: "one" }),
    "GET /api/tasks": () => Response.json({ data: [{ id: "two", parent_task_id: "one" }] }),
    "DELETE /api/auth/me": () => new Response(null, { status: 204 }),
  };
  const deps: SmokeDeps = {
    apiUrl: "http://api:8000",
    webUrl: "http://web:3000",
    unique: "word",
    now: () => new Date(at),
    sleep: async (ms) => {
      at += ms;
    },
    fetch: async (request) => {
      const key = `${request.method} ${new URL(request.url).pathname}`;
      asked.push(key);
      return (answers[key] ?? usual[key] ?? (() => new Response(null, { status: 404 })))();
    },
  };
  return { deps, asked };
}

test("a working product is walked from sign-up to successor, and the account is erased", async () => {
  const { deps, asked } = product();
  expect(await smoke(deps)).toContain("its successor appeared");
  expect(asked.at(-1)).toBe("DELETE /api/auth/me");
});

test("a successor that never appears fails, and the account is erased anyway", async () => {
  const { deps, asked } = product({ "GET /api/tasks": () => Response.json({ data: [{ id: "one" }] }) });
  await expect(smoke(deps)).rejects.toThrow("the next occurrence appears");
  await smoke(deps).catch(() => undefined);
  expect(asked.at(-1)).toBe("DELETE /api/auth/me");
});

test("a page that is not ready within a minute fails and says so", async () => {
  const { deps } = product({ "GET /health/ready": () => new Response(null, { status: 503 }) });
  await expect(smoke(deps)).rejects.toThrow("the pages are ready");
});

test("a page that becomes ready is waited for", async () => {
  let tries = 0;
  const { deps } = product({
    "GET /health/ready": () => {
      tries += 1;
      return new Response(null, { status: tries < 5 ? 503 : 200 });
    },
  });
  expect(await smoke(deps)).toContain("pages ready");
});

test("a refused sign-in names the call and its answer", async () => {
  const { deps } = product({ "POST /api/signin": () => new Response(null, { status: 401 }) });
  await expect(smoke(deps)).rejects.toThrow("POST /api/signin answered 401");
});
