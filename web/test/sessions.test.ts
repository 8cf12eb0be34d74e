import { expect, test } from "bun:test";
import { createWeb } from "./browser.ts";
import { wordsOf } from "./html.ts";

const dayMs = 86_400_000;
const begin = Date.parse("2026-11-21T13:00:00Z");

function openWeb() {
  const web = createWeb({ now: new Date(begin).toISOString() });
  return { ...web, goTo: (day: number) => web.setNow(new Date(begin + day * dayMs).toISOString()) };
}

test("a browser that is used stays signed in for 29 days; after 30 it is asked, and what was typed is kept", async () => {
  const { api, newBrowser, goTo } = openWeb();
  const browser = newBrowser();
  await browser.signUp();
  for (let day = 0.5; day <= 29; day += 0.75) {
    goTo(day);
    for (const path of ["/today", "/all"])
      expect({ day, path, status: (await browser.get(path)).status }).toEqual({ day, path, status: 200 });
  }
  const renewals = api.requests.filter(({ path }) => path === "/api/auth/renew").length;
  // When half of a token's day is over, and not with each page.
  expect(renewals).toBe(39);
  goTo(30.01);
  const refused = await browser.post("/tasks", { title: "Buy rosin", back: "/today", key: "k" });
  expect(refused.status).toBe(401);
  expect(refused.text).toContain("Buy rosin");
  expect((await browser.get("/today")).headers.get("location")).toStartWith("/sign-in");
});

test("a browser that was closed for six days is signed in still, one closed for seven is not", async () => {
  const { newBrowser, goTo } = openWeb();
  const [six, seven] = [newBrowser(), newBrowser()];
  await six.signUp();
  await seven.signUp("eve@example.com");
  goTo(6);
  expect((await six.get("/today")).status).toBe(200);
  goTo(7.01);
  expect((await seven.get("/today")).headers.get("location")).toStartWith("/sign-in");
  expect((await six.get("/today")).status).toBe(200);
});

test("a form is done under the renewed token, and its answer brings the token", async () => {
  const { api, newBrowser, goTo } = openWeb();
  const browser = newBrowser();
  await browser.signUp();
  goTo(3);
  const added = await browser.post("/tasks", { title: "Tune", back: "/today", key: "k" });
  expect(added.status).toBe(303);
  expect(added.setCookies.filter((line) => line.startsWith("carillon_session="))).toHaveLength(1);
  expect(api.accounts.get("ada@example.com")?.tasks.size).toBe(1);
});

test("a token that still holds is used when no new one can be had, and sign-out works with one that ran out", async () => {
  const { api, newBrowser, goTo } = openWeb();
  const browser = newBrowser();
  await browser.signUp();
  const account = api.accounts.get("ada@example.com");
  api.tooMany = true;
  goTo(0.75);
  expect((await browser.get("/today")).status).toBe(200);
  goTo(2);
  expect((await browser.get("/today")).status).toBe(429);
  api.tooMany = false;
  const left = await browser.post("/sign-out", {});
  expect(left.status).toBe(303);
  expect(account?.sessions.size).toBe(0);
});

test("the settings show where one is signed in; one session is ended there, or all others", async () => {
  const { api, newBrowser } = openWeb();
  const [here, phone, tablet] = [newBrowser(), newBrowser(), newBrowser()];
  await here.signUp();
  const account = { email: "ada@example.com", password: "correct horse" };
  await phone.post("/sign-in", account, { headers: { "user-agent": "Firefox/133" } });
  await tablet.post("/sign-in", account);
  const page = await here.get("/settings");
  expect(page.text).toContain("A browser</strong>");
  expect(page.text).toContain("A program (here)");
  const ids = [...(api.accounts.get("ada@example.com")?.sessions.keys() ?? [])];
  const ended = await here.submit(page, `/settings/sessions/${ids[1]}/end`);
  expect(wordsOf(ended.text)).toContain("Ended “A browser”.");
  expect((await phone.get("/today")).headers.get("location")).toStartWith("/sign-in");
  const alone = await here.submit(await here.get("/settings"), "/settings/sessions/end-others");
  expect(alone.text).toContain("You are signed out everywhere but here.");
  expect((await tablet.get("/today")).headers.get("location")).toStartWith("/sign-in");
  expect((await here.get("/today")).status).toBe(200);
});
