import type { Browser, BrowserContextOptions, Page } from "playwright-core";
import type { Product } from "../product.ts";
import type { Person } from "./people.ts";

/** Something counted, and the bar it has to keep. */
export type Figure = { what: string; value: number; bar: string; isKept: boolean };

export const atMost = (what: string, value: number, most: number, unit = ""): Figure => ({
  what,
  value,
  bar: `≤ ${most}${unit}`,
  isKept: value <= most,
});

export const atLeast = (what: string, value: number, least: number): Figure => ({
  what,
  value,
  bar: `≥ ${least}`,
  isKept: value >= least,
});

/** A window of that person, signed in. */
export async function openAs(
  browser: Browser,
  product: Product,
  person: Person,
  options: BrowserContextOptions = {},
): Promise<Page> {
  const context = await browser.newContext({
    baseURL: product.web,
    viewport: { width: 1_440, height: 900 },
    timezoneId: "Europe/Berlin",
    ...options,
  });
  context.setDefaultTimeout(20_000);
  await context.addCookies([{ name: "carillon_session", value: person.token, url: product.web }]);
  return context.newPage();
}

/** Hands that count: every key pressed, and every page loaded meanwhile. */
export function countingHands(page: Page) {
  const counted = { keys: 0, loads: 0 };
  page.on("load", () => counted.loads++);
  return {
    counted,
    begin: () => {
      counted.keys = 0;
      counted.loads = 0;
    },
    press: async (...keys: string[]) => {
      for (const key of keys) {
        counted.keys++;
        await page.keyboard.press(key);
      }
    },
    type: async (text: string) => {
      counted.keys += [...text].length;
      await page.keyboard.type(text);
    },
  };
}
