import { expect, test } from "bun:test";
import { createWeb } from "./browser.ts";

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
