import { afterAll, beforeAll, expect, test } from "bun:test";
import { appTokenHeader, callerHeader } from "@carillon/contracts/names";
import { noteTransport } from "../src/auth/index.ts";
import { appToken, type Harness, startApi } from "./harness.ts";

let api: Harness;
beforeAll(async () => {
  api = await startApi();
  await noteTransport({ sql: api.sql }, true);
});
afterAll(() => api.close());

const act = (name: string, email: string, caller = "ops") =>
  api.call("POST", "/internal/users", {
    headers: { [appTokenHeader]: appToken, [callerHeader]: caller },
    body: { email, act: name },
  });
const signIn = ({ email, password }: { email: string; password: string }) =>
  api.call("POST", "/api/signin", { body: { email, password } });
const give = (userId: string) =>
  api.sql.begin(async (tx) => {
    await tx`insert into api.totp (user_id, sealed_secret, created_at, session_id, confirmed_at)
    values (${userId}, 'x', now(), gen_random_uuid(), now())`;
    await tx`insert into api.recovery_codes (user_id, code_hash) values (${userId}, 'x')`;
    await tx`insert into api.passkeys (user_id, id, name, credential_id, public_key, counter, transports, created_at)
    values (${userId}, gen_random_uuid(), 'x', 'x', 'x', 0, '', now())`;
    await tx`insert into api.identities (user_id, id, issuer, subject, created_at)
    values (${userId}, gen_random_uuid(), 'https://provider.example', ${userId}, now())`;
  });
const lettersOf = async (userId: string) =>
  (await api.sql<{ kind: string }[]>`select kind from api.letters where user_id = ${userId} order by id`).map(
    ({ kind }) => kind,
  );

test("an operator finds an account by its address, and sees counts alone", async () => {
  const ada = await api.signUp();
  await give(ada.user.id);
  const { status, body } = await act("find", ` ${ada.email.toUpperCase()}`);
  expect([status, body]).toEqual([
    200,
    {
      user_id: ada.user.id,
      created_at: ada.user.created_at,
      email_verified: false,
      has_password: true,
      has_app: true,
      passkeys: 1,
      identities: 1,
      sessions: 1,
      tokens: 0,
    },
  ]);
  for (const unknown of ["absent@example.com", "x", ""]) expect((await act("find", unknown)).status).toBe(404);
  expect((await act("erase", ada.email)).status).toBe(422);
  expect((await act("find", ada.email, "notification")).status).toBe(403);
});

test("each act ends or removes what it says of that account, of no other, and its owner and the log hear of it", async () => {
  const [ada, bob] = [await api.signUp(), await api.signUp()];
  for (const { user } of [ada, bob]) {
    await give(user.id);
    await api.sql`update api.users set email_verified_at = now() where id = ${user.id}`;
  }
  await api.call("POST", "/api/tokens", { token: ada.token, body: { name: "x", scope: "read" } });
  const ended = { sessions: 0, tokens: 0 };
  expect((await act("end-sessions", ada.email)).body).toMatchObject({ ...ended, has_app: true });
  expect((await api.call("GET", "/api/auth/me", { token: ada.token })).status).toBe(401);
  expect((await act("remove-app", ada.email)).body).toMatchObject({ ...ended, has_app: false, passkeys: 1 });
  expect((await signIn(ada)).status).toBe(200);
  expect((await act("remove-passkeys", ada.email)).body).toMatchObject({ ...ended, passkeys: 0, identities: 1 });
  expect((await act("remove-provider", ada.email)).body).toMatchObject({ ...ended, identities: 0 });
  expect((await act("send-reset", ada.email)).status).toBe(200);
  await api.call("POST", "/internal/letters/take", { headers: { [appTokenHeader]: appToken }, body: {} });
  expect((await lettersOf(ada.user.id)).filter((kind) => kind === "factor_changed" || kind === "reset")).toEqual([
    "factor_changed",
    "factor_changed",
    "factor_changed",
    "reset",
  ]);
  const revoked = (await api.outbox(ada.user.id)).filter(({ type }) => type === "session.revoked");
  expect(revoked).toHaveLength(3);
  expect((await act("find", bob.email)).body).toMatchObject({ has_app: true, passkeys: 1, identities: 1, sessions: 1 });
  expect(await lettersOf(bob.user.id)).not.toContain("factor_changed");
  const events = api.lines.filter(({ fields }) => fields.actor === "operator").map(({ fields }) => fields);
  expect(
    events.filter(({ user_id }) => user_id === ada.user.id).map(({ act: one, outcome }) => [one, outcome]),
  ).toEqual([
    ["end-sessions", "ok"],
    ["remove-app", "ok"],
    ["remove-passkeys", "ok"],
    ["remove-provider", "ok"],
    ["send-reset", "ok"],
  ]);
  expect(JSON.stringify(events)).not.toContain(ada.email);
});

test("the only way into an account is not removed", async () => {
  const ada = await api.signUp();
  await api.sql`update api.users set password_hash = null where id = ${ada.user.id}`;
  await api.sql`insert into api.passkeys (user_id, id, name, credential_id, public_key, counter, transports, created_at)
    values (${ada.user.id}, gen_random_uuid(), 'x', 'x', 'x', 0, '', now())`;
  expect((await act("remove-passkeys", ada.email)).status).toBe(409);
  expect((await act("find", ada.email)).body).toMatchObject({ passkeys: 1, sessions: 1 });
});
