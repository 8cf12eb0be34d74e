/**
 * Pictures of every page and state, at three widths, by day, by night and in the system's own colours: `npm run pictures [words]` into
 * `.pictures`. Words narrow it to the names that contain one of them. `PICTURES_URL` takes a product that runs already.
 */
import { mkdirSync } from "node:fs";
import { join, resolve } from "node:path";
import type { BrowserContextOptions, Page } from "playwright-core";
import { launchBrowser } from "./src/browser.ts";
import { type Look, looks } from "./src/looks/looks.ts";
import { fillWeek, type Person, signUp } from "./src/looks/people.ts";
import { startProduct } from "./src/product.ts";

const folder = resolve(import.meta.dir, "../../.pictures");
const words = process.argv.slice(2);
const sizes = [
  { width: 360, height: 740 },
  { width: 768, height: 1024 },
  { width: 1440, height: 900 },
];
const schemes: { name: string; options: BrowserContextOptions }[] = [
  { name: "light", options: { colorScheme: "light" } },
  { name: "dark", options: { colorScheme: "dark" } },
  { name: "forced", options: { forcedColors: "active" } },
];

const running = process.env.PICTURES_URL;
const product = running ? null : await startProduct();
const web = running ?? product?.web ?? "";
const api = process.env.PICTURES_API ?? product?.api ?? "";
const browser = await launchBrowser();
try {
  mkdirSync(folder, { recursive: true });
  const person = await signUp(api, "Mara Winter");
  await fillWeek(api, person);
  const newcomer = await signUp(api, "New Comer");
  for (const { width, height } of sizes)
    for (const { name: scheme, options } of schemes)
      await shootAll({ viewport: { width, height }, reducedMotion: "reduce", ...options }, `${width}-${scheme}`, {
        person,
        newcomer,
      });
} finally {
  await browser.close();
  await product?.dispose();
}

type People = { person: Person; newcomer: Person };

async function shootAll(options: BrowserContextOptions, suffix: string, people: People): Promise<void> {
  const wanted = looks.filter(({ name }) => {
    const full = `${name}-${suffix}`;
    return words.length === 0 || words.every((word) => full.includes(word));
  });
  if (wanted.length === 0) return;
  const context = await browser.newContext({ baseURL: web, timezoneId: "Europe/Berlin", ...options });
  const page = await context.newPage();
  for (const look of wanted) {
    const who = look.as === "newcomer" ? people.newcomer : look.as === "visitor" ? null : people.person;
    await context.clearCookies();
    if (who) await context.addCookies([{ name: "carillon_session", value: who.token, url: web }]);
    await shoot(page, look, who, join(folder, `${look.name}-${suffix}.png`)).catch((error: unknown) =>
      process.stderr.write(`${look.name}-${suffix}: ${String(error).split("\n")[0]}\n`),
    );
  }
  await context.close();
}

async function shoot(page: Page, look: Look, who: Person | null, path: string): Promise<void> {
  page.setDefaultTimeout(5_000);
  await page.goto(look.path(who));
  await look.act?.(page);
  await page.waitForLoadState("networkidle").catch(() => {});
  await page.screenshot({ path, animations: "disabled", caret: "initial" });
  process.stdout.write(`${path}\n`);
}
