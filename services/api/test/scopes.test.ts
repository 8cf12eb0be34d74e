import { afterAll, beforeAll, expect, test } from "bun:test";
import { type Scope, scopes } from "@carillon/contracts/http/auth";
import { allows, routeNeeds } from "../src/auth/scopes/route-scopes.ts";
import { type Harness, startApi } from "./harness.ts";

let api: Harness;
const tokens = new Map<Scope, string>();
beforeAll(async () => {
  api = await startApi();
  const person = await api.signUp();
  for (const scope of scopes) {
    const { body } = await api.call("POST", "/api/tokens", { token: person.token, body: { name: scope, scope } });
    tokens.set(scope, body.token);
  }
});
afterAll(() => api.close());

const id = "018f0000-0000-7000-8000-000000000000";
const isGuarded = (path: string): boolean => /^\/(api|mcp)(\/|$)/.test(path);
/** No token is asked for there. */
const open =
  /^(GET|POST) \/api\/(signup|signin|signin\/second|signin\/passkey(\/options)?|signin\/oidc(\/start)?|auth\/(renew|forgot|reset|verify)|webhooks\/resend|stats)$/;
const guarded = () =>
  api.app.routes
    .filter(({ path }) => isGuarded(path))
    .map(({ method, path }) => `${method} ${path}`)
    .filter((route) => !open.test(route));

test("G20: every route says what it asks of an access token, and no other is named", () => {
  expect(guarded().sort()).toEqual(Object.keys(routeNeeds).sort());
});

test("G20: every route × every scope: a token gets past exactly where its scope allows", async () => {
  const wrong: string[] = [];
  for (const route of guarded()) {
    const [method = "", path = ""] = route.split(" ");
    for (const [scope, token] of tokens) {
      const may = allows(scope, routeNeeds[route] ?? "session");
      // Nothing it could change: a body that is none is refused later than a scope.
      const body = method === "GET" ? {} : { body: "[" };
      const { status } = await api.app.handle(
        new Request(`http://localhost${path.replace(/:\w+/g, id)}`, {
          method,
          headers: { authorization: `Bearer ${token}`, "content-type": "application/json" },
          ...body,
        }),
      );
      if ((status !== 403) !== may) wrong.push(`${scope}: ${route} answered ${status}`);
    }
  }
  expect(wrong).toEqual([]);
});

test("an audit or export token opens no stream and no tool", async () => {
  const { authenticate } = await import("../src/auth/index.ts");
  const { whoseToken } = await import("../src/internal/session.ts");
  for (const scope of scopes) {
    const token = tokens.get(scope) ?? "";
    expect(await authenticate(api.deps, token)).toMatchObject({ caller: { kind: "token" } });
    const opens = await whoseToken(api.deps, token).then(
      () => true,
      () => false,
    );
    expect([scope, opens]).toEqual([scope, allows(scope, "tasks:read")]);
  }
});
