import { expect, test } from "bun:test";
import { createWeb } from "./browser.ts";
import { wordsOf } from "./html.ts";

test("the link from the mail sets a new password, and looking at it does not use it up", async () => {
  const { api, newBrowser } = createWeb();
  const browser = newBrowser();
  await browser.signUp();
  await browser.post("/sign-out", {});
  const page = await browser.get("/sign-in");
  expect(page.text).toContain('<a href="/forgot">');
  const asked = await browser.submit(await browser.get("/forgot"), "/forgot", { email: "ada@example.com" });
  expect(asked.status).toBe(202);
  const [link = ""] = api.links;
  const scanner = newBrowser();
  for (let at = 0; at < 3; at++) expect((await scanner.get(`/reset/${link}`)).status).toBe(200);
  const weak = await browser.submit(await browser.get(`/reset/${link}`), "/reset/", { new_password: "tiny-77" });
  expect(weak.status).toBe(422);
  expect(weak.text).toContain("The password must have at least 8 characters.");
  expect(weak.text).not.toContain("tiny-77");
  const set = await browser.submit(weak, "/reset/", { new_password: "another horse of 7" });
  expect(set.path).toBe("/sign-in");
  expect(set.text).toContain("Your new password is set. Sign in with it.");
  const account = { email: "ada@example.com", password: "another horse of 7" };
  expect((await browser.post("/sign-in", account)).headers.get("location")).toBe("/today");
  const again = await newBrowser().post(`/reset/${link}`, { new_password: "a third horse of 7" });
  expect(again.status).toBe(422);
  expect(again.text).toContain("This link is over");
});

test("the page says the same for an address without an account", async () => {
  const { newBrowser } = createWeb();
  await newBrowser().signUp();
  const pages = ["ada@example.com", "unknown@example.com", "no address"].map((email) =>
    newBrowser().post("/forgot", { email }),
  );
  const [known, ...others] = (await Promise.all(pages)).map(({ status, text }) => ({ status, text }));
  for (const other of others) expect(other).toEqual(known as never);
});

test("a form for a new password from another site is refused", async () => {
  const { api, newBrowser } = createWeb();
  await newBrowser().signUp();
  api.links.add("link-ada@example.com");
  const headers = { "sec-fetch-site": "cross-site", origin: "https://evil.example" };
  const sent = await newBrowser().post(
    "/reset/link-ada@example.com",
    { new_password: "another horse of 7" },
    { headers },
  );
  expect(sent.status).toBe(403);
  expect(api.links.size).toBe(1);
});

test("the link that proves an address has one button, is not used up by looking, and works once", async () => {
  const { api, newBrowser } = createWeb();
  api.mailGoesOut = true;
  const browser = newBrowser();
  const welcome = await browser.signUp();
  expect(wordsOf(welcome.text)).toContain("A mail went to ada@example.com");
  const settings = await browser.get("/settings");
  expect(wordsOf(settings.text)).toContain("This address is not confirmed yet");
  const [link = ""] = api.links;
  const scanner = newBrowser();
  for (let at = 0; at < 3; at++) expect((await scanner.get(`/verify/${link}`)).status).toBe(200);
  const done = await newBrowser().submit(await newBrowser().get(`/verify/${link}`), "/verify/");
  expect(wordsOf(done.text)).toContain("Your address is confirmed");
  expect((await browser.get("/settings")).text).not.toContain("This address is not confirmed yet");
  const again = await newBrowser().post(`/verify/${link}`, {});
  expect([again.status, again.text.includes("This link is over")]).toEqual([422, true]);
});

test("the address is changed in the settings, and answers at its place", async () => {
  const { api, newBrowser } = createWeb();
  const browser = newBrowser();
  await browser.signUp();
  const page = await browser.get("/settings");
  expect(page.text).not.toContain("not confirmed yet");
  const wrong = await browser.submit(page, "/settings/address", {
    new_email: "ada@new.example",
    address_password: "not this",
  });
  expect(wrong.status).toBe(422);
  expect(wrong.text).toMatch(/id="address-password-error">The password is not your password\./);
  expect(wrong.text).toContain('value="ada@new.example"');
  expect(wrong.text).not.toContain("not this");
  const asked = await browser.submit(wrong, "/settings/address", { address_password: "correct horse" });
  expect(wordsOf(asked.text)).toContain("A link is on its way to ada@new.example.");
  const [link = ""] = api.links;
  await browser.submit(await browser.get(`/verify/${link}`), "/verify/");
  expect(wordsOf((await browser.get("/settings")).text)).toContain("ada@new.example");
});

test("an address that mail does not reach says so in the settings, and goes on when a link arrives", async () => {
  const { api, newBrowser } = createWeb();
  const browser = newBrowser();
  await browser.signUp();
  api.stopped = { reason: "bounced", since: "2026-11-20T10:00:00.000Z" };
  const page = await browser.get("/settings");
  expect(wordsOf(page.text)).toContain("No more mail goes to this address");
  await browser.submit(page, "/settings/address/resend");
  const [link = ""] = api.links;
  await browser.submit(await browser.get(`/verify/${link}`), "/verify/");
  expect(wordsOf((await browser.get("/settings")).text)).not.toContain("No more mail goes to this address");
});
