import { afterAll, beforeAll, describe, expect, test } from "bun:test";
import type { Letter } from "@carillon/contracts/http/letters";
import { appTokenHeader } from "@carillon/contracts/names";
import { sweepExpired } from "../src/auth/index.ts";
import { appToken, type Harness, type Person, startApi } from "./harness.ts";

let api: Harness;
beforeAll(async () => {
  api = await startApi();
});
afterAll(() => api.close());

const minuteMs = 60_000;
const newPassword = "another horse of seven";
const inside = { [appTokenHeader]: appToken };
const forgot = (email: unknown) => api.call("POST", "/api/auth/forgot", { body: { email } });
const reset = (token: string, new_password = newPassword) =>
  api.call("POST", "/api/auth/reset", { body: { token, new_password } });
const signIn = (email: string, password: string) => api.call("POST", "/api/signin", { body: { email, password } });
const take = async (): Promise<Letter[]> =>
  (await api.call("POST", "/internal/letters/take", { headers: inside, body: {} })).body.letters;

/** The link's last part that the person was mailed. */
async function linkFor({ email }: Person): Promise<string> {
  expect((await forgot(email)).status).toBe(202);
  const letter = (await take()).find((one) => one.email === email && one.kind === "reset");
  return letter?.token ?? "";
}

test("the reader of the account's mail gets back in: the new password opens, the old one and every session and token do not", async () => {
  const ada = await api.signUp();
  const formats = { hour_cycle: "h12", date_order: "mdy" };
  await api.call("PATCH", "/api/auth/me", { token: ada.token, body: formats });
  const { body: token } = await api.call("POST", "/api/tokens", {
    token: ada.token,
    body: { name: "x", scope: "read" },
  });
  expect((await reset(await linkFor(ada))).status).toBe(204);
  expect((await signIn(ada.email, newPassword)).status).toBe(200);
  expect((await signIn(ada.email, ada.password)).status).toBe(401);
  for (const old of [ada.token, token.token])
    expect((await api.call("GET", "/api/auth/me", { token: old })).status).toBe(401);
  expect((await api.call("POST", "/api/auth/renew", { token: ada.token })).status).toBe(401);
  const said = (await api.outbox(ada.user.id)).filter(({ type }) => type === "session.revoked");
  expect(said).toHaveLength(2);
  expect(await take()).toMatchObject([{ kind: "password_changed", email: ada.email, ...formats }]);
});

test("G27: who made the account with another person's address reads nothing in it after that person's reset", async () => {
  const ada = await api.signUp();
  const make = async (path: string, body: object) => {
    const made = await api.call("POST", path, { token: ada.token, body });
    expect(made.status).toBe(201);
    return made.body.id;
  };
  const hook = (name: string) => ({ kind: "webhook", target: `https://hooks.example.com/${name}` });
  await make("/api/channels", { ...hook("eve"), events: ["task.created"] });
  await make("/api/feeds", { kind: "todo" });
  const bob = await withWays();
  api.clock.advance(minuteMs);
  await api.sql`update api.users set email_verified_at = ${api.clock.now()} where id = ${ada.user.id}`;
  api.clock.advance(minuteMs);
  const own = await make("/api/channels", hook("ada"));
  expect((await reset(await linkFor(ada))).status).toBe(204);
  const { body } = await signIn(ada.email, newPassword);
  const ids = async (path: string) =>
    (await api.call("GET", path, { token: body.access_token })).body.data.map(({ id }: { id: string }) => id);
  expect(await ids("/api/channels")).toEqual([ada.user.id, own]);
  expect(await ids("/api/feeds")).toEqual([]);
  expect(await bob.ways()).toEqual({ apps: 1, flows: 1, feeds: 1, channels: 1 });
});

/** Another user, with an app, a link to a provider under way, a feed and a channel. */
async function withWays() {
  const { user, token } = await api.signUp();
  const now = api.clock.now();
  await api.call("POST", "/api/feeds", { token, body: { kind: "todo" } });
  await api.call("POST", "/api/channels", { token, body: { kind: "ntfy", target: "https://ntfy.sh/bob" } });
  await api.sql`
    insert into api.totp (user_id, sealed_secret, created_at, session_id, confirmed_at)
    values (${user.id}, '', ${now}, ${user.id}, ${now})`;
  await api.sql`
    insert into api.provider_flows (flow_hash, user_id, session_id, again, expires_at)
    values ('flow', ${user.id}, ${user.id}, false, ${now})`;
  const ways = async () => {
    const [row] = await api.sql`
      select (select count(*) from api.totp where user_id = ${user.id})::int as apps,
        (select count(*) from api.provider_flows where user_id = ${user.id})::int as flows,
        (select count(*) from api.feeds where user_id = ${user.id})::int as feeds,
        (select count(*) from api.channels where user_id = ${user.id})::int as channels`;
    return row;
  };
  return { ways };
}

test("a link works once, for an hour, and of several that were asked for one", async () => {
  const ada = await api.signUp();
  const [first, second] = [await linkFor(ada), await linkFor(ada)];
  expect(first).not.toBe(second);
  expect((await reset(first, "too")).status).toBe(422);
  expect((await reset(first, "password")).status).toBe(422);
  expect((await reset(first)).status).toBe(204);
  for (const used of [first, second]) {
    const { status, body } = await reset(used, "a third horse entirely");
    expect([status, body.errors?.[0]?.pointer]).toEqual([422, "/token"]);
  }
  const late = await linkFor(ada);
  api.clock.advance(60 * minuteMs);
  expect((await reset(late)).status).toBe(422);
  expect((await signIn(ada.email, newPassword)).status).toBe(200);
});

test("of two who use one link at once one sets the password", async () => {
  const ada = await api.signUp();
  const link = await linkFor(ada);
  const answers = await Promise.all(["first horse of many", "second horse of many"].map((one) => reset(link, one)));
  expect(answers.map(({ status }) => status).sort()).toEqual([204, 422]);
});

test("a link that was made up, cut, bent or for something else opens nothing", async () => {
  const ada = await api.signUp();
  const link = await linkFor(ada);
  const bent = link.replace(/.$/, (last) => (last === "A" ? "B" : "A"));
  const foreign = api.deps.seals.sealCursor("unsubscribe", [ada.user.id, ada.user.id]);
  for (const wrong of ["", "x", link.slice(0, -4), bent, `${link}=`, foreign, ada.token])
    expect((await reset(wrong)).status).toBe(422);
  expect((await signIn(ada.email, ada.password)).status).toBe(200);
});

test("the answer says nothing of whether there is an account, in status, words or what is written at once", async () => {
  const ada = await api.signUp();
  const rows = async () =>
    (
      await api.sql<{ asked: number; letters: number }[]>`
      select (select count(*)::int from api.forgotten) as asked, (select count(*)::int from api.letters) as letters`
    )[0];
  const before = await rows();
  for (const email of [ada.email, "unknown@example.com", "no address", ""]) {
    const { status, body, headers } = await forgot(email);
    expect([status, body, headers.get("carillon-device")]).toEqual([202, null, null]);
  }
  expect(await rows()).toEqual({ asked: (before?.asked ?? 0) + 4, letters: before?.letters ?? 0 });
  expect((await take()).filter(({ kind }) => kind === "reset").map(({ email }) => email)).toEqual([ada.email]);
});

test("a stranger fills no mailbox: three links within an hour, however often they are asked for", async () => {
  const ada = await api.signUp();
  for (let at = 0; at < 10; at++) await forgot(ada.email.toUpperCase());
  const count = async () => (await take()).filter(({ email }) => email === ada.email).length;
  expect(await count()).toBe(1);
  for (let at = 0; at < 5; at++) {
    await forgot(ada.email);
    await count();
  }
  const [row] = await api.sql`select count(*)::int as letters from api.letters where user_id = ${ada.user.id}`;
  expect(row).toEqual({ letters: 3 });
  api.clock.advance(61 * minuteMs);
  expect(await linkFor(ada)).not.toBe("");
});

test("a letter that was taken is given again when nothing was heard of it, and not once it has ended", async () => {
  const ada = await api.signUp();
  await linkFor(ada);
  const mine = async () => (await take()).filter(({ email }) => email === ada.email);
  expect(await mine()).toEqual([]);
  api.clock.advance(5 * minuteMs);
  const [again] = await mine();
  expect(again?.tries).toBe(2);
  const result = (delay_ms: number | null) => ({ results: [{ user_id: ada.user.id, id: again?.id, delay_ms }] });
  await api.call("POST", "/internal/letters/results", { headers: inside, body: result(5_000) });
  api.clock.advance(5_000);
  expect(await mine()).toHaveLength(1);
  await api.call("POST", "/internal/letters/results", { headers: inside, body: result(null) });
  api.clock.advance(10 * minuteMs);
  expect(await mine()).toEqual([]);
  // Sent is not used.
  expect((await reset(again?.token ?? "")).status).toBe(204);
});

test("the owner of a changed password receives a mail", async () => {
  const ada = await api.signUp();
  const body = { current_password: ada.password, new_password: newPassword };
  expect((await api.call("POST", "/api/auth/password", { token: ada.token, body })).status).toBe(204);
  expect((await take()).filter(({ email }) => email === ada.email)).toMatchObject([
    { kind: "password_changed", token: null },
  ]);
});

test("an erased account has no way back, and nothing of it waits to be mailed", async () => {
  const ada = await api.signUp();
  const link = await linkFor(ada);
  await forgot(ada.email);
  const body = { password: ada.password };
  expect((await api.call("DELETE", "/api/auth/me", { token: ada.token, body })).status).toBe(204);
  expect((await reset(link)).status).toBe(422);
  expect((await take()).filter(({ email }) => email === ada.email)).toEqual([]);
});

describe("what was guessed before keeps no owner out", () => {
  test("after a reset the new password is judged at once", async () => {
    const strict = await startApi({ ratePerMinute: 10_000 });
    try {
      const ada = await strict.signUp();
      const tries = Array.from({ length: 8 }, () =>
        strict.call("POST", "/api/signin", { body: { email: ada.email, password: "a wrong password" } }),
      );
      expect((await Promise.all(tries)).map(({ status }) => status)).toContain(429);
      await strict.call("POST", "/api/auth/forgot", { body: { email: ada.email } });
      const { body } = await strict.call("POST", "/internal/letters/take", { headers: inside, body: {} });
      const token = body.letters[0].token;
      const set = await strict.call("POST", "/api/auth/reset", { body: { token, new_password: newPassword } });
      expect(set.status).toBe(204);
      const entered = await strict.call("POST", "/api/signin", { body: { email: ada.email, password: newPassword } });
      expect(entered.status).toBe(200);
    } finally {
      await strict.close();
    }
  });
});

test("neither the link nor the address nor the password is in the log", async () => {
  const ada = await api.signUp();
  const link = await linkFor(ada);
  await reset(link);
  const log = JSON.stringify(api.lines);
  for (const secret of [link, ada.email, newPassword]) expect(log).not.toContain(secret);
  const events = api.lines.filter(({ message }) => message === "security event").map(({ fields }) => fields.event);
  expect(events).toContain("way back asked");
  expect(events).toContain("password reset");
});

test("a question for a way back is deleted after an hour in which notification did not ask for it", async () => {
  await forgot("ada@absent.example");
  await sweepExpired(api.deps);
  const asked = async () => (await api.sql`select count(*)::int as asked from api.forgotten`)[0]?.asked;
  expect(await asked()).toBeGreaterThan(0);
  api.clock.advance(61 * minuteMs);
  await sweepExpired(api.deps);
  expect(await asked()).toBe(0);
});
