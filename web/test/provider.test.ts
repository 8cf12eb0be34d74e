import { expect, test } from "bun:test";
import { type Browser, createWeb } from "./browser.ts";
import { authorize } from "./fake-api/provider.ts";
import { wordsOf } from "./html.ts";

const callback = "/sign-in/provider/callback";
const account = { email: "ada@example.com", password: "correct horse" };

function withProvider(options: Parameters<typeof createWeb>[0] = {}) {
  const web = createWeb(options);
  web.api.provider = "Example";
  return web;
}

/** The provider sends the browser back, with an address that it has proven. */
const back = (browser: Browser, email: string, state = "enter") =>
  browser.get(`${callback}?${new URLSearchParams({ code: email, state })}`);

async function enter(browser: Browser, email: string, query = "") {
  await browser.get(`/sign-in/provider${query}`);
  return back(browser, email);
}

test("sign-in and sign-up offer the provider by its name, as a link that keeps the way; without one nothing says so", async () => {
  const { newBrowser } = withProvider();
  const page = await newBrowser().get("/sign-in?next=%2Fall");
  expect(page.text).toContain('href="/sign-in/provider?next=%2Fall"');
  expect(wordsOf(page.text)).toContain("Sign in with Example");
  expect(wordsOf((await newBrowser().get("/sign-up")).text)).toContain("Sign up with Example");
  const plain = createWeb();
  expect((await plain.newBrowser().get("/sign-in")).text).not.toContain("/sign-in/provider");
  const settings = plain.newBrowser();
  await settings.signUp();
  expect((await settings.get("/settings")).text).not.toContain('id="provider"');
});

test("the pages before sign-in need no answer of api: without one they offer the other ways", async () => {
  const web = withProvider();
  web.api.away = true;
  const page = await web.newBrowser().get("/sign-in");
  expect([page.status, page.text.includes("/sign-in/provider")]).toEqual([200, false]);
});

test("the way to the provider and back: a cookie that no script and no other site reads, once, and then where one wanted to go", async () => {
  const { newBrowser } = withProvider();
  const browser = newBrowser();
  const away = await browser.get("/sign-in/provider?next=%2Fall&time_zone=Europe%2FBerlin");
  expect([away.status, away.headers.get("location")]).toEqual([303, `${authorize}enter`]);
  const [line = ""] = away.setCookies;
  expect(line).toContain("carillon_provider=");
  expect(line).toEndWith("; Path=/; Max-Age=600; HttpOnly; SameSite=Lax");
  const entered = await back(browser, "eve@example.com");
  expect([entered.status, entered.headers.get("location")]).toEqual([303, "/all"]);
  expect(browser.cookies.has("carillon_session")).toBe(true);
  expect(browser.cookies.has("carillon_provider")).toBe(false);
  expect((await browser.get("/settings")).text).toContain('<option value="Europe/Berlin" selected');
  const secure = withProvider({ publicUrl: "https://carillon.example" });
  const [host = ""] = (await secure.newBrowser().get("/sign-in/provider")).setCookies;
  expect(host).toStartWith("__Host-carillon_provider=");
  expect(host).toEndWith("; Secure");
});

test("leads to no other site, whatever the address or the cookie says", async () => {
  const { newBrowser } = withProvider();
  for (const next of ["https://evil.example", "//evil.example", "/\\evil.example"]) {
    const browser = newBrowser();
    const answer = await enter(browser, "eve@example.com", `?${new URLSearchParams({ next })}`);
    expect(answer.headers.get("location")).toBe("/today");
    const bent = { flow: "flow-enter", next, timeZone: null, isLink: false };
    browser.cookies.set("carillon_provider", Buffer.from(JSON.stringify(bent)).toString("base64url"));
    expect((await back(browser, "eve@example.com")).headers.get("location")).toBe("/today");
  }
});

test("an answer that was not asked for opens nothing, and says so beside the other ways", async () => {
  const { newBrowser, api } = withProvider();
  const said = async (browser: Browser, path: string) => {
    const page = await browser.follow(await browser.get(path));
    return [page.path, browser.cookies.has("carillon_session"), wordsOf(page.text)] as const;
  };
  const paths = [`${callback}?code=eve@example.com&state=enter`, `${callback}/?code=x&state=enter`, callback];
  for (const [at, path] of paths.entries()) {
    const browser = newBrowser();
    // Once without having started, then with.
    if (at > 0) await browser.get("/sign-in/provider");
    const [where, isIn, words] = await said(browser, path);
    expect([where, isIn]).toEqual(["/sign-in", false]);
    expect(words).toContain("took too long or was not started here");
  }
  const cancelled = newBrowser();
  await cancelled.get("/sign-in/provider");
  expect((await said(cancelled, `${callback}?error=access_denied&state=enter`))[2]).toContain(
    "You cancelled at Example.",
  );
  const known = newBrowser();
  await known.signUp();
  const other = newBrowser();
  await other.get("/sign-in/provider");
  const [, isIn, words] = await said(other, `${callback}?code=${account.email}&state=enter`);
  expect([isIn, words.includes("Sign in to it, then connect Example in the settings.")]).toEqual([false, true]);
  for (const bent of ["", "x", "e30", Buffer.from("null").toString("base64url")]) {
    const browser = newBrowser();
    browser.cookies.set("carillon_provider", bent);
    expect((await said(browser, `${callback}?code=x&state=enter`))[0]).toBe("/sign-in");
  }
  api.provider = null;
  expect((await said(newBrowser(), "/sign-in/provider"))[2]).toContain("There is no such way to sign in here.");
});

test("where the account has an app, its code is asked for next", async () => {
  const { newBrowser, api } = withProvider();
  const browser = newBrowser();
  await enter(browser, "eve@example.com");
  const eve = api.accounts.get("eve@example.com");
  if (eve) eve.recoveryCodes = new Set();
  const other = newBrowser();
  const page = await enter(other, "eve@example.com", "?next=%2Fall");
  expect(page.text).toContain("Enter your code");
  const form = { challenge: "challenge-eve@example.com", code: "123456", next: "/all" };
  expect((await other.post("/sign-in/second", form)).headers.get("location")).toBe("/all");
});

test("the provider is connected in the settings by a form, on a page that goes on by itself, and disconnected", async () => {
  const { newBrowser, api } = withProvider();
  const browser = newBrowser();
  await browser.signUp();
  const settings = await browser.get("/settings");
  expect(wordsOf(settings.text)).toContain("No other account is connected.");
  api.proofIsOld = true;
  const proof = await browser.post("/settings/provider", {});
  expect([proof.status, wordsOf(proof.text).includes("Enter your password")]).toEqual([403, true]);
  const onward = await browser.submit(proof, "/settings/provider", { proof_password: account.password });
  expect(onward.headers.get("refresh")).toBe(`0; url=${authorize}link`);
  expect(onward.headers.get("content-security-policy")).toContain("form-action 'self'");
  expect(onward.text).toContain(`href="${authorize.replaceAll("&", "&amp;")}link"`);
  const done = await browser.follow(await back(browser, "ada@provider.example", "link"));
  expect(wordsOf(done.text)).toContain("Example signs you in from now on.");
  expect(wordsOf(done.text)).toContain("Example, ada@provider.example");
  expect((await enter(newBrowser(), "ada@provider.example")).headers.get("location")).toBe("/today");
  const gone = await browser.submit(await browser.get("/settings"), "/settings/provider/");
  expect(wordsOf(gone.text)).toContain("Disconnected Example. Every other session has ended.");
  // A sign-in's answer connects nothing, and a connection's opens no session.
  await browser.post("/settings/provider", {});
  expect(wordsOf((await browser.follow(await back(browser, "x@provider.example", "enter"))).text)).toContain(
    "Start again.",
  );
  const stranger = newBrowser();
  await stranger.get("/sign-in/provider");
  await back(stranger, "x@provider.example", "link");
  expect(stranger.cookies.has("carillon_session")).toBe(false);
});

test("an account without a password reads how to get one, wherever one would be asked for", async () => {
  const { newBrowser, api } = withProvider();
  const browser = newBrowser();
  await enter(browser, "eve@example.com");
  const page = await browser.get("/settings");
  expect(wordsOf(page.text).match(/You sign in without a password, and this asks for one\./g)).toHaveLength(3);
  for (const name of ["current_password", "address_password", "two_step_password", "erase_password"])
    expect(page.text).not.toContain(`name="${name}"`);
  const mailed = await browser.submit(page, "/settings/password/link");
  expect(wordsOf(mailed.text)).toContain("The link is on its way to eve@example.com.");
  expect(api.links.has("link-eve@example.com")).toBe(true);
  const kept = await browser.submit(page, "/settings/provider/");
  expect(wordsOf(kept.text)).toContain("This is the only way into your account.");
  api.proofIsOld = true;
  const proof = await browser.post("/settings/tokens", { name: "x", scope: "read" });
  expect(proof.text).toContain('href="/sign-in/provider?again=1&amp;next=%2Fsettings"');
  const again = await browser.get("/sign-in/provider?again=1&next=%2Fsettings");
  expect(again.headers.get("location")).toBe(`${authorize}again`);
});
