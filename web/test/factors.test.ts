import { expect, test } from "bun:test";
import { createWeb } from "./browser.ts";
import { wordsOf } from "./html.ts";

const keyId = "018f0000-0000-7000-8000-000000000001";
const account = { email: "ada@example.com", password: "correct horse" };

async function withTwoSteps() {
  const web = createWeb();
  const browser = web.newBrowser();
  await browser.signUp();
  const start = { two_step_password: account.password };
  const setUp = await browser.submit(await browser.get("/settings"), "/settings/two-step", start);
  const codes = await browser.submit(setUp, "/settings/two-step/confirm", { code: "123456" });
  return { ...web, browser, setUp, codes };
}

test("two-step sign-in is set up without a script: a picture and the same as text, a code, ten recovery codes once", async () => {
  const { browser, setUp, codes } = await withTwoSteps();
  expect(setUp.status).toBe(200);
  expect(setUp.text).toContain('<svg class="qr-code"');
  expect(wordsOf(setUp.text)).toContain("JBSW Y3DP EHPK 3PXP JBSW Y3DP EHPK 3PXP");
  const wrong = await browser.submit(setUp, "/settings/two-step/confirm", { code: "000000" });
  expect(wrong.status).toBe(422);
  expect(wrong.text).toContain("That is not the code that the app shows now.");
  expect(wrong.text).toContain('<svg class="qr-code"');
  expect(codes.status).toBe(200);
  expect(codes.headers.get("cache-control")).toContain("no-store");
  expect(codes.text.match(/<code>aaaa-bbbb-cccc-ddd\d<\/code>/g)).toHaveLength(10);
  expect(codes.text).toContain('download="carillon-recovery-codes.txt"');
  const settings = await browser.get("/settings");
  expect(settings.text).toContain("10 recovery codes are left.");
  expect(settings.text).not.toContain("aaaa-bbbb");
});

test("a right password then leads to a page for the code, which works without a script and keeps the way", async () => {
  const { newBrowser } = await withTwoSteps();
  const browser = newBrowser();
  const page = await browser.post("/sign-in", { ...account, next: "/all" });
  expect([page.status, browser.cookies.has("carillon_session")]).toEqual([200, false]);
  expect(page.text).toContain("Enter your code");
  const wrong = await browser.submit(page, "/sign-in/second", { code: "000000" });
  expect(wrong.status).toBe(422);
  expect(wrong.text).toContain("That code is wrong or was used already.");
  const form = { challenge: `challenge-${account.email}`, code: "123456", next: "/all" };
  expect((await browser.post("/sign-in/second", form)).headers.get("location")).toBe("/all");
  const other = newBrowser();
  const typed = { ...form, code: "aaaa-bbbb-cccc-ddd3", next: "https://evil.example" };
  expect((await other.post("/sign-in/second", typed)).headers.get("location")).toBe("/today");
  expect((await newBrowser().post("/sign-in/second", typed)).status).toBe(422);
  const over = await newBrowser().post("/sign-in/second", { ...form, challenge: "challenge-of-none" });
  expect(over.headers.get("location")).toBe("/sign-in");
});

test("it is turned off with password and code, and what is wrong is said at its place", async () => {
  const { browser, newBrowser } = await withTwoSteps();
  const off = (two_step_password: string, two_step_code: string) =>
    browser.post("/settings/two-step/off", { two_step_password, two_step_code });
  const wrong = await off("not it", "123456");
  expect([wrong.status, wrong.text.includes('id="two-step-password-error"')]).toEqual([422, true]);
  const wrongCode = await off(account.password, "000000");
  expect([wrongCode.status, wrongCode.text.includes('id="two-step-code-error"')]).toEqual([422, true]);
  expect((await off(account.password, "123456")).headers.get("location")).toBe("/settings#two-step");
  expect((await newBrowser().post("/sign-in", account)).headers.get("location")).toBe("/today");
});

test("a passkey is made, listed, used and removed by what the page's script fills in", async () => {
  const { newBrowser } = createWeb();
  const browser = newBrowser();
  await browser.signUp();
  const page = await browser.post("/settings/passkeys/start", { passkey_name: "My <phone>" });
  expect(page.text).toContain("data-options=");
  expect(page.text).toContain("<noscript>");
  const credential = JSON.stringify({ id: keyId });
  await browser.post("/settings/passkeys", { credential, name: "My <phone>" });
  const listed = await browser.get("/settings");
  expect(listed.text).toContain("<strong>My &lt;phone&gt;</strong>");
  expect(listed.text).toContain("not used yet");
  const refused = await browser.post("/settings/passkeys", { credential: "no JSON", name: "" });
  expect((await browser.follow(refused)).text).toContain("That was no passkey for this site.");
  const stranger = newBrowser();
  const options = await stranger.post("/sign-in/passkey/options", {});
  expect([options.status, JSON.parse(options.text).challenge]).toEqual([200, "Y2hhbGxlbmdl"]);
  const entered = await stranger.post("/sign-in/passkey", { credential, next: "/upcoming" });
  expect(entered.headers.get("location")).toBe("/upcoming");
  const removed = await browser.post(`/settings/passkeys/${keyId}/remove`, { name: "My <phone>" });
  expect(removed.headers.get("location")).toBe("/settings#passkeys");
  const gone = await newBrowser().post("/sign-in/passkey", { credential, next: "" });
  expect(gone.headers.get("location")).toBe("/sign-in");
});
