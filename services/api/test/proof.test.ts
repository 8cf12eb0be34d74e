import { afterAll, beforeAll, expect, test } from "bun:test";
import { type Harness, type Person, startApi } from "./harness.ts";

let api: Harness;
beforeAll(async () => {
  api = await startApi();
});
afterAll(() => api.close());

const minuteMs = 60_000;
const prove = ({ token }: Person, password: string) =>
  api.call("POST", "/api/auth/proof", { token, body: { password } });
const makeToken = ({ token }: Person) =>
  api.call("POST", "/api/tokens", { token, body: { name: "x", scope: "write" } });
const exported = (token: string) => api.call("GET", "/api/tasks/export", { token });
const codeOf = ({ status, body }: { status: number; body: { type?: string } | null }) => [status, body?.type ?? null];
const asked = [403, "urn:carillon:problem:proof_required"];

test("making a token and exporting everything ask for the password again after 5 minutes, and no sooner", async () => {
  const ada = await api.signUp();
  api.clock.advance(5 * minuteMs);
  expect((await makeToken(ada)).status).toBe(201);
  expect((await exported(ada.token)).status).toBe(200);
  api.clock.advance(1);
  expect(codeOf(await makeToken(ada))).toEqual(asked);
  expect(codeOf(await exported(ada.token))).toEqual(asked);
  // Everything else goes on.
  expect((await api.call("GET", "/api/tasks", { token: ada.token })).status).toBe(200);
  expect((await prove(ada, "a wrong password")).status).toBe(422);
  expect(codeOf(await makeToken(ada))).toEqual(asked);
  expect((await prove(ada, ada.password)).status).toBe(204);
  expect((await makeToken(ada)).status).toBe(201);
});

test("a proof counts in its own session, and a renewal is none", async () => {
  const ada = await api.signUp();
  const { body } = await api.call("POST", "/api/signin", { body: { email: ada.email, password: ada.password } });
  api.clock.advance(6 * minuteMs);
  const renewed = await api.call("POST", "/api/auth/renew", { token: ada.token });
  expect(codeOf(await exported(renewed.body.access_token))).toEqual(asked);
  await prove(ada, ada.password);
  expect((await exported(renewed.body.access_token)).status).toBe(200);
  expect(codeOf(await exported(body.access_token))).toEqual(asked);
});

test("what takes the password with it needs no other proof, and is one", async () => {
  const ada = await api.signUp();
  api.clock.advance(6 * minuteMs);
  const body = { current_password: ada.password, new_password: "another horse of seven" };
  expect((await api.call("POST", "/api/auth/password", { token: ada.token, body })).status).toBe(204);
  expect((await makeToken(ada)).status).toBe(201);
  api.clock.advance(6 * minuteMs);
  const erase = { password: "another horse of seven" };
  expect((await api.call("DELETE", "/api/auth/me", { token: ada.token, body: erase })).status).toBe(204);
});

test("a program's token proves nothing and is asked for nothing", async () => {
  const ada = await api.signUp();
  const { body } = await makeToken(ada);
  api.clock.advance(60 * minuteMs);
  expect((await exported(body.token)).status).toBe(200);
  expect(codeOf(await prove({ ...ada, token: body.token }, ada.password))).toEqual([
    403,
    "urn:carillon:problem:forbidden",
  ]);
});
