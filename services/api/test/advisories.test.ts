import { afterAll, beforeAll, expect, test } from "bun:test";
import type { Letter } from "@carillon/contracts/http/letters";
import { appTokenHeader } from "@carillon/contracts/names";
import { noteTransport } from "../src/auth/index.ts";
import { appToken, type Harness, startApi } from "./harness.ts";

/** What went wrong in a library that was not taken (docs/adr), held against our own code. */
let api: Harness;
beforeAll(async () => {
  api = await startApi();
  await noteTransport({ sql: api.sql }, true);
});
afterAll(() => api.close());

const take = async (): Promise<Letter[]> =>
  (await api.call("POST", "/internal/letters/take", { headers: { [appTokenHeader]: appToken }, body: {} })).body
    .letters;
const signIn = (email: string, password: string) => api.call("POST", "/api/signin", { body: { email, password } });

test("GHSA-99h5-pjcv-gr6v: a token is made for the one who asks, never for a user that a body names", async () => {
  const [ada, eve] = [await api.signUp(), await api.signUp()];
  for (const field of ["user_id", "userId"]) {
    const body = { name: "x", scope: "write", [field]: ada.user.id };
    expect((await api.call("POST", "/api/tokens", { body })).status).toBe(401);
    expect((await api.call("POST", "/api/tokens", { token: eve.token, body })).status).toBe(422);
  }
  expect((await api.call("POST", `/api/${ada.user.id}/tokens`, { token: eve.token, body: {} })).status).toBe(404);
  const [row] = await api.sql`select count(*)::int as tokens from api.tokens`;
  expect(row).toEqual({ tokens: 0 });
});

test("GHSA-qq9h-g4jm-xgf3: an account made in advance with a foreign address opens to its owner, and to no other user after that", async () => {
  const eve = await api.signUp();
  const { body: token } = await api.call("POST", "/api/tokens", {
    token: eve.token,
    body: { name: "x", scope: "write" },
  });
  const move = { new_email: "eve@evil.example", password: eve.password };
  expect((await api.call("POST", "/api/auth/email", { token: eve.token, body: move })).status).toBe(202);
  const mailed = await take();
  const proof = mailed.find(({ email }) => email === eve.email)?.token;
  const moved = mailed.find(({ email }) => email === move.new_email)?.token;
  expect((await api.call("POST", "/api/auth/verify", { body: { token: proof } })).status).toBe(204);
  await api.call("POST", "/api/auth/forgot", { body: { email: eve.email } });
  const back = (await take()).find(({ kind }) => kind === "reset")?.token;
  const body = { token: back, new_password: "the password of the owner" };
  expect((await api.call("POST", "/api/auth/reset", { body })).status).toBe(204);
  expect((await signIn(eve.email, eve.password)).status).toBe(401);
  for (const old of [eve.token, token.token])
    expect((await api.call("GET", "/api/auth/me", { token: old })).status).toBe(401);
  expect((await api.call("POST", "/api/auth/renew", { token: eve.token })).status).toBe(401);
  expect((await api.call("POST", "/api/auth/verify", { body: { token: moved } })).status).toBe(422);
  expect((await signIn(eve.email, "the password of the owner")).status).toBe(200);
});

test("GHSA-2vg6-77g8-24mp: an erased account leaves no session and no token that opens anything", async () => {
  const ada = await api.signUp();
  const other = (await signIn(ada.email, ada.password)).body.access_token;
  const { body: token } = await api.call("POST", "/api/tokens", {
    token: ada.token,
    body: { name: "x", scope: "write" },
  });
  const body = { password: ada.password };
  expect((await api.call("DELETE", "/api/auth/me", { token: ada.token, body })).status).toBe(204);
  for (const old of [ada.token, other, token.token]) {
    expect((await api.call("GET", "/api/tasks", { token: old })).status).toBe(401);
    expect((await api.call("POST", "/api/auth/renew", { token: old })).status).toBe(401);
  }
  const [row] = await api.sql`
    select (select count(*) from api.sessions where user_id = ${ada.user.id})
      + (select count(*) from api.tokens where user_id = ${ada.user.id}) as left`;
  expect(Number(row?.left)).toBe(0);
});

test("GHSA-7w99-5wm4-3g79: of simultaneous uses of one link one counts", async () => {
  const ada = await api.signUp();
  const proof = (await take()).find(({ email }) => email === ada.email)?.token;
  const uses = Array.from({ length: 6 }, () => api.call("POST", "/api/auth/verify", { body: { token: proof } }));
  const statuses = (await Promise.all(uses)).map(({ status }) => status);
  expect(statuses.sort()).toEqual([204, 422, 422, 422, 422, 422]);
});
