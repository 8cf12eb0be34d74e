import { afterAll, beforeAll, describe, expect, test } from "bun:test";
import { noteTransport } from "../src/auth/index.ts";
import { addressesOf, inside, password } from "./address-rig.ts";
import { type Harness, type Person, startApi } from "./harness.ts";

let api: Harness;
beforeAll(async () => {
  api = await startApi();
  await noteTransport({ sql: api.sql }, true);
});
afterAll(() => api.close());

const minuteMs = 60_000;
const dayMs = 1_440 * minuteMs;
const resend = ({ token }: Person) => api.call("POST", "/api/auth/verify/resend", { token });
const { take, verify, linksTo, freshEmail, change, me, signIn, proven } = addressesOf(() => api, "address");

describe("the proof of an address", () => {
  test("one mail after sign-up has a link that proves it once; until then the account works unproven", async () => {
    const ada = await api.signUp();
    expect(ada.user.email_verified).toBe(false);
    expect((await api.call("POST", "/api/tasks", { token: ada.token, body: { title: "x" } })).status).toBe(201);
    const mine = (await take()).filter(({ email }) => email === ada.email);
    expect(mine).toMatchObject([{ kind: "verify", tries: 1 }]);
    const link = mine[0]?.token ?? "";
    expect((await verify(link)).status).toBe(204);
    expect((await me(ada)).email_verified).toBe(true);
    const again = await verify(link);
    expect([again.status, again.body.errors[0].pointer]).toEqual([422, "/token"]);
  });

  test("the link holds for 7 days; another can be had three times an hour, and none once it is proven", async () => {
    const ada = await api.signUp();
    const [first = ""] = await linksTo(ada.email);
    api.clock.advance(7 * dayMs);
    const { access_token } = (await signIn(ada.email)).body;
    const now = { ...ada, token: access_token };
    expect((await verify(first)).status).toBe(422);
    for (let at = 0; at < 3; at++) expect((await resend(now)).status).toBe(202);
    const limited = await resend(now);
    expect([limited.status, Number(limited.headers.get("retry-after")) > 0]).toEqual([429, true]);
    const links = await linksTo(ada.email);
    expect(links).toHaveLength(3);
    expect((await verify(links[1] ?? "")).status).toBe(204);
    api.clock.advance(61 * minuteMs);
    expect((await resend(now)).status).toBe(202);
    expect(await linksTo(ada.email)).toEqual([]);
  });

  test("an address without proof gets no other mail: no news, and for a forgotten password its proof's link", async () => {
    const ada = await api.signUp();
    await linksTo(ada.email);
    const made = await api.call("POST", "/api/tokens", { token: ada.token, body: { name: "x", scope: "read" } });
    expect(made.status).toBe(201);
    const body = { current_password: password, new_password: "another horse of seven" };
    expect((await api.call("POST", "/api/auth/password", { token: ada.token, body })).status).toBe(204);
    expect((await api.call("POST", "/api/auth/forgot", { body: { email: ada.email } })).status).toBe(202);
    expect((await take()).filter(({ email }) => email === ada.email).map(({ kind }) => kind)).toEqual(["verify"]);
  });

  test("a link that was made up, bent, or for something else proves nothing", async () => {
    const ada = await api.signUp();
    const [link = ""] = await linksTo(ada.email);
    const bent = link.replace(/.$/, (last) => (last === "A" ? "B" : "A"));
    const foreign = api.deps.seals.sealCursor("reset link", [ada.user.id, ada.user.id]);
    for (const wrong of ["", "x", bent, `${link}=`, foreign, ada.token]) expect((await verify(wrong)).status).toBe(422);
    expect(
      (await api.call("POST", "/api/auth/reset", { body: { token: link, new_password: "a third horse" } })).status,
    ).toBe(422);
  });

  test("a reminder of an unproven address is cancelled, and says why; after the proof reminders are sent", async () => {
    const ada = await api.signUp();
    const [link = ""] = await linksTo(ada.email);
    const at = (ms: number) => new Date(api.clock.now().getTime() + ms).toISOString();
    const body = { title: "x", reminders: [{ at: at(minuteMs) }, { at: at(5 * minuteMs) }] };
    const { body: task } = await api.call("POST", "/api/tasks", { token: ada.token, body });
    const claim = async (id: string) =>
      (
        await api.call("POST", "/internal/reminders/claim", {
          headers: inside,
          body: { reminders: [{ id, generation: 1 }] },
        })
      ).body.reminders[0];
    api.clock.advance(2 * minuteMs);
    expect(await claim(task.reminders[0].id)).toMatchObject({
      outcome: "cancelled",
      state: "cancelled",
      reason: "unverified",
    });
    const shown = await api.call("GET", `/api/tasks/${task.id}`, { token: ada.token });
    expect(shown.body.reminders[0]).toMatchObject({ state: "cancelled", reason: "unverified" });
    await verify(link);
    api.clock.advance(4 * minuteMs);
    expect((await claim(task.reminders[1].id)).outcome).toBe("send");
  });

  test("where mail goes to a folder every address counts as proven, and nothing is mailed", async () => {
    await api.call("POST", "/internal/letters/take", { headers: inside, body: { goes_out: false } });
    try {
      const ada = await api.signUp();
      expect(ada.user.email_verified).toBe(true);
      expect(await linksTo(ada.email)).toEqual([]);
    } finally {
      await noteTransport({ sql: api.sql }, true);
    }
  });
});

describe("an address without proof", () => {
  test("is kept for 7 days, then given to the account that proves it; the first account keeps its tasks and its sessions", async () => {
    const email = freshEmail();
    const eve = await api.signUp({ email });
    await linksTo(email);
    const adas = "the horse of the owner";
    const attempt = () => api.call("POST", "/api/signup", { body: { email, password: adas } });
    api.clock.advance(7 * dayMs - minuteMs);
    expect((await attempt()).status).toBe(409);
    api.clock.advance(minuteMs);
    const eves = (await signIn(email)).body.access_token;
    const { status, body } = await attempt();
    expect(status).toBe(201);
    // Not before the proof.
    expect((await signIn(email)).status).toBe(200);
    expect((await signIn(email, adas)).status).toBe(401);
    const [link = ""] = await linksTo(email);
    expect((await verify(link)).status).toBe(204);
    expect((await signIn(email)).status).toBe(401);
    expect((await signIn(email, adas)).body.user).toMatchObject({ id: body.user.id, email_verified: true });
    expect((await me({ ...eve, token: eves })).id).toBe(eve.user.id);
    expect((await attempt()).status).toBe(409);
  });

  test("is not lost to one that only asks for it", async () => {
    const email = freshEmail();
    await api.signUp({ email });
    const [old = ""] = await linksTo(email);
    api.clock.advance(7 * dayMs);
    expect((await api.call("POST", "/api/signup", { body: { email, password } })).status).toBe(201);
    expect((await verify(old)).status).toBe(422);
    const first = (await signIn(email)).body;
    await resend({ ...first, token: first.access_token });
    const links = await linksTo(email);
    expect(links).toHaveLength(2);
    const answers = await Promise.all(links.map(verify));
    expect(answers.map(({ status }) => status).sort()).toEqual([204, 409]);
  });

  test("a proven one is never given away", async () => {
    const ada = await proven();
    api.clock.advance(30 * dayMs);
    expect((await api.call("POST", "/api/signup", { body: { email: ada.email, password } })).status).toBe(409);
  });
});

describe("news to the owner", () => {
  test("a sign-in from a client that was not there before is mailed to the owner, with client and address; one from a known client is not", async () => {
    const own = { "user-agent": "Mozilla/5.0 (X11; Linux x86_64) Firefox/140.0", "accept-language": "de" };
    const from = (address: string) => ({
      headers: { ...own, ...inside, "x-forwarded-for": address, "carillon-caller": "web" },
    });
    const email = freshEmail();
    const ada = await proven({ email });
    const enter = (address: string) => api.call("POST", "/api/signin", { ...from(address), body: { email, password } });
    expect((await enter("203.0.113.9")).status).toBe(200);
    const news = (await take()).filter((letter) => letter.email === ada.email);
    expect(news).toMatchObject([
      {
        kind: "new_sign_in",
        language: "de",
        details: { client: "Firefox on Linux", address: "203.0.113.9" },
        token: null,
      },
    ]);
    expect((await enter("203.0.113.9")).status).toBe(200);
    expect(await take()).toEqual([]);
  });

  test("a new access token is mailed to the owner", async () => {
    const ada = await proven();
    await api.call("POST", "/api/tokens", { token: ada.token, body: { name: "my secret plan", scope: "read" } });
    const news = await take();
    expect(news.map(({ kind, email }) => [kind, email])).toEqual([["new_token", ada.email]]);
    expect(JSON.stringify(news)).not.toContain("secret plan");
  });
});

test("neither addresses nor links nor passwords are in the log, and every act on an address is", async () => {
  const ada = await proven();
  const next = freshEmail();
  await change(ada, next);
  const [link = ""] = await linksTo(next);
  await verify(link);
  const log = JSON.stringify(api.lines);
  for (const secret of [link, ada.email, next, password]) expect(log).not.toContain(secret);
  const events = new Set(
    api.lines.filter(({ message }) => message === "security event").map(({ fields }) => fields.event),
  );
  for (const event of ["address proof", "address proof asked", "address change asked"]) expect(events).toContain(event);
});
