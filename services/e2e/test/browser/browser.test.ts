import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from "bun:test";
import { OAuth2Server } from "oauth2-mock-server";
import type { Browser, BrowserContext, Page } from "playwright-core";
import { addTask, launchBrowser, row, signUpInBrowser, watchErrors } from "../../src/browser.ts";
import { password } from "../../src/client.ts";
import { type Product, startProduct } from "../../src/product.ts";
import { testIn } from "../../src/test-in.ts";

let product: Product;
let browser: Browser;
let context: BrowserContext;
let page: Page;
let errors: string[];

const provider = new OAuth2Server();
beforeAll(async () => {
  await provider.issuer.keys.generate("RS256");
  await provider.start(0, "127.0.0.1");
  const env = {
    OIDC_ISSUER: provider.issuer.url ?? "",
    OIDC_CLIENT_ID: "carillon",
    OIDC_CLIENT_SECRET: "secret",
    OIDC_NAME: "Example",
  };
  [product, browser] = await Promise.all([startProduct({ env }), launchBrowser()]);
});
afterAll(async () => {
  await browser.close();
  await product.dispose();
  await provider.stop();
});
beforeEach(async () => {
  context = await browser.newContext({ baseURL: product.web, timezoneId: "Europe/Berlin" });
  context.setDefaultTimeout(10_000);
  errors = watchErrors(context);
  page = await context.newPage();
});
afterEach(async () => {
  await context.close();
  expect(errors).toEqual([]);
});

test("a user signs up, adds, edits, tags, finds, completes, undoes, deletes and restores a task", async () => {
  await signUpInBrowser(page, product.web, "walker");
  await page.goto("/all");
  await addTask(page, "Water the ferns");
  await row(page, "Water the ferns").waitFor();

  await row(page, "Water the ferns").getByRole("link", { name: "Water the ferns", exact: true }).click();
  const details = page.locator("#pane");
  await details.getByLabel("Title").fill("Water the tall ferns");
  await details.getByLabel("Tags").fill("garden, home");
  await details.getByLabel("Priority").selectOption("high");
  await details.getByText("Saved", { exact: true }).waitFor();
  await row(page, "Water the tall ferns").waitFor();

  await page.goto("/all?search=fern");
  await row(page, "Water the tall ferns").waitFor();
  expect(await row(page, "Water the tall ferns").textContent()).toContain("garden");
  await page.goto("/all?tag=garden");
  await row(page, "Water the tall ferns").waitFor();
  await page.goto("/all?search=cactus");
  expect(await row(page, "Water the tall ferns").count()).toBe(0);

  await page.goto("/all");
  await page.getByRole("button", { name: "Complete “Water the tall ferns”" }).click();
  await row(page, "Water the tall ferns").waitFor({ state: "detached" });
  await page.getByRole("button", { name: /undo/i }).click();
  await row(page, "Water the tall ferns").waitFor();

  await row(page, "Water the tall ferns").getByRole("link", { name: "Water the tall ferns", exact: true }).focus();
  await page.keyboard.press("Delete");
  await row(page, "Water the tall ferns").waitFor({ state: "detached" });
  await page.goto("/trash");
  await page.getByRole("button", { name: "Restore “Water the tall ferns”" }).click();
  await row(page, "Water the tall ferns").waitFor({ state: "detached" });
  await page.goto("/all");
  await row(page, "Water the tall ferns").waitFor();
});

test("a change in one window shows in the other within a second", async () => {
  await signUpInBrowser(page, product.web, "two-windows");
  await page.goto("/all");
  const other = await context.newPage();
  await other.goto("/all");
  await addTask(page, "Seen twice");
  await row(other, "Seen twice").waitFor({ timeout: 1_000 });
  await page.getByRole("button", { name: "Complete “Seen twice”" }).click();
  await row(other, "Seen twice").waitFor({ state: "detached", timeout: 1_000 });
});

test("after kill -9 and a start all data is there, and the browser is still signed in", async () => {
  await signUpInBrowser(page, product.web, "survivor");
  await page.goto("/all");
  await addTask(page, "Outlive the power cut");
  await row(page, "Outlive the power cut").waitFor();
  await page.goto("about:blank");
  await product.kill();
  await product.restart();
  await page.goto("/all");
  await row(page, "Outlive the power cut").waitFor();
});

test("everything works without JavaScript", async () => {
  const plain = await browser.newContext({ baseURL: product.web, javaScriptEnabled: false });
  plain.setDefaultTimeout(10_000);
  const bare = await plain.newPage();
  const email = await signUpInBrowser(bare, product.web, "no-script");
  await bare.goto("/all");
  await addTask(bare, "By hand");
  await row(bare, "By hand").waitFor();
  await bare.getByRole("button", { name: "Complete “By hand”" }).click();
  expect(await row(bare, "By hand").count()).toBe(0);
  await bare.getByRole("button", { name: /undo/i }).click();
  await row(bare, "By hand").waitFor();
  await row(bare, "By hand").getByRole("link", { name: "By hand", exact: true }).click();
  await bare.getByRole("button", { name: "Delete", exact: true }).click();
  await bare.getByRole("button", { name: /undo/i }).click();
  await row(bare, "By hand").waitFor();
  await bare.goto("/settings");
  await bare.getByRole("button", { name: "Sign out" }).first().click();
  await bare.goto("/all");
  await bare.getByLabel("E-mail").fill(email);
  await bare.getByLabel("Password").fill(password);
  await bare.getByRole("button", { name: "Sign in" }).click();
  await row(bare, "By hand").waitFor();
  await plain.close();
});

test("a double click on Add creates one task", async () => {
  await signUpInBrowser(page, product.web, "double");
  await page.goto("/all");
  await page.getByLabel("New task").fill("Only once");
  await page.getByRole("button", { name: "Add", exact: true }).dblclick();
  await row(page, "Only once").waitFor();
  await page.reload();
  expect(await row(page, "Only once").count()).toBe(1);
});

test("a title that looks like markup is shown, not run", async () => {
  const title = `<img src=x onerror="document.title='owned'"><b>bold</b>`;
  await signUpInBrowser(page, product.web, "markup");
  await page.goto("/all");
  await addTask(page, title);
  await page.getByText(title).first().waitFor();
  expect(await page.title()).not.toContain("owned");
  expect(await page.locator("li[data-task] b").count()).toBe(0);
});

test("a passkey of the browser's own authenticator is made, signs in without a password, and is removed", async () => {
  // Authenticators know a site by its name, never by an address of numbers.
  const web = `http://localhost:${new URL(product.web).port}`;
  const devtools = await context.newCDPSession(page);
  await devtools.send("WebAuthn.enable");
  const { authenticatorId } = await devtools.send("WebAuthn.addVirtualAuthenticator", {
    options: {
      protocol: "ctap2",
      transport: "internal",
      hasResidentKey: true,
      hasUserVerification: true,
      isUserVerified: true,
      automaticPresenceSimulation: true,
    },
  });
  const keys = async () => (await devtools.send("WebAuthn.getCredentials", { authenticatorId })).credentials.length;
  await signUpInBrowser(page, web, "keeper");
  await page.goto(`${web}/settings`);
  await page.getByLabel("Name of the new passkey").fill("This browser");
  await page.getByRole("button", { name: "Make a passkey" }).click();
  await page.getByRole("button", { name: "Make the passkey" }).click();
  await page.getByText("The passkey “This browser” is ready.").waitFor();
  expect(await keys()).toBe(1);

  await page.getByRole("button", { name: "Sign out" }).click();
  await page.waitForURL("**/sign-in");
  await page.getByRole("button", { name: "Sign in with a passkey" }).click();
  await page.waitForURL("**/today*");

  await page.goto(`${web}/settings`);
  await page.locator("#passkeys").getByText("last used").waitFor();
  await page.getByRole("button", { name: "Remove “This browser”" }).click();
  await page.getByText("Removed the passkey “This browser”.").waitFor();
  await page.getByRole("button", { name: "Sign out" }).click();
  await page.getByRole("button", { name: "Sign in with a passkey" }).click();
  await page.getByText("This passkey opens no account here.").waitFor();
});

testIn(
  "embedded",
  "the product that all files share there has no provider",
  "a sign-in provider makes an account, is connected to one, and signs in to both",
  async () => {
    const web = `http://localhost:${new URL(product.web).port}`;
    let person = { sub: "newcomer", email: "newcomer@example.com" };
    provider.service.on("beforeTokenSigning", ({ payload }) => {
      Object.assign(payload, person, { email_verified: true });
    });
    await page.goto(`${web}/sign-in?next=%2Fsettings`);
    await page.getByRole("link", { name: "Sign in with Example" }).click();
    await page.waitForURL("**/settings");
    expect(await page.getByLabel("Time zone").inputValue()).toBe("Europe/Berlin");
    await page.getByRole("button", { name: "Send me the link" }).waitFor();
    await page.getByRole("button", { name: "Sign out" }).click();

    person = { sub: "owner", email: "owner@example.com" };
    await page.waitForURL("**/sign-in");
    await signUpInBrowser(page, web, "connected");
    await page.goto(`${web}/settings`);
    await page.getByRole("button", { name: "Connect Example" }).click();
    await page.getByText("Example signs you in from now on.").waitFor();
    await page.getByText("Example, owner@example.com").waitFor();
    const address = await page.locator("#address .fact").textContent();
    await page.getByRole("button", { name: "Sign out" }).click();
    await page.getByRole("link", { name: "Sign in with Example" }).click();
    await page.waitForURL("**/today*");
    await page.goto(`${web}/settings`);
    expect(await page.locator("#address .fact").textContent()).toBe(address);
  },
);
