import { existsSync } from "node:fs";
import { type Browser, type BrowserContext, chromium, type Page } from "playwright-core";
import { password } from "./client.ts";

const places = [
  "/usr/bin/chromium",
  "/usr/bin/chromium-browser",
  "/usr/bin/google-chrome",
  "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome",
];

/** The Chromium of this machine (`CHROMIUM` names another), or null where there is none. */
export const chromiumPath: string | null = process.env.CHROMIUM || (places.find((path) => existsSync(path)) ?? null);

export function launchBrowser(): Promise<Browser> {
  if (!chromiumPath) throw new Error("There is no Chromium here; install Debian's `chromium` or set CHROMIUM.");
  const quiet = ["--no-first-run", "--disable-background-networking", "--disable-component-update", "--disable-sync"];
  return chromium.launch({
    executablePath: chromiumPath,
    args: ["--no-sandbox", "--disable-gpu", "--disable-quic", ...quiet],
  });
}

/** Creates an account through the page and leaves the browser signed in, on today's list. */
export async function signUpInBrowser(page: Page, web: string, name: string): Promise<string> {
  const email = `${name}-${Bun.randomUUIDv7()}@example.com`;
  await page.goto(`${web}/sign-up`);
  await page.getByLabel("Name", { exact: false }).first().fill(name);
  await page.getByLabel("E-mail").fill(email);
  await page.getByLabel("Password").fill(password);
  await page.getByRole("button", { name: "Create an account" }).click();
  await page.waitForURL("**/today*");
  return email;
}

/** Types a task into the quick-add form and sends it. */
export async function addTask(page: Page, title: string): Promise<void> {
  await page.getByLabel("New task").fill(title);
  await page.getByRole("button", { name: "Add", exact: true }).click();
}

/** The rows of the visible list with this title. */
export const row = (page: Page, title: string) => page.locator("li[data-task]", { hasText: title });

/** Errors on this page's console, and failed loads. */
export function watchErrors(context: BrowserContext): string[] {
  const errors: string[] = [];
  context.on("console", (message) => {
    if (message.type() === "error") errors.push(message.text());
  });
  context.on("weberror", (error) => errors.push(String(error.error())));
  return errors;
}
