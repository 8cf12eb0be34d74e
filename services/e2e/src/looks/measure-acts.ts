import type { Browser } from "playwright-core";
import { row } from "../browser.ts";
import type { Product } from "../product.ts";
import { atMost, countingHands, type Figure, openAs } from "./figure.ts";
import { makeTask, signUp } from "./people.ts";

const sentence = "pay rent every month on the 1st at 9 !high #home remind 1 day before";

/** Keys and page loads of what is done every day. */
export async function measureActs(browser: Browser, product: Product): Promise<Figure[]> {
  const person = await signUp(product.api, "Hands");
  for (let index = 0; index < 10; index++)
    await makeTask(product.api, person, {
      title: `Task ${index}`,
      due_date: new Date(Date.now() + 60_000 * (index + 1)).toISOString(),
    });
  const page = await openAs(browser, product, person);
  const hands = countingHands(page);
  await page.goto("/today");
  const figures: Figure[] = [];
  const first = page.locator("#list a.task-title").first();

  hands.begin();
  await hands.press("n");
  await hands.type(sentence);
  await hands.press("Enter");
  await page.getByText(/Added “pay rent”/i).waitFor();
  figures.push(
    atMost("rent task, keys", hands.counted.keys, 75),
    atMost("rent task, page loads", hands.counted.loads, 0),
  );

  await page.keyboard.press("Escape");
  await first.focus();
  const title = (await first.textContent()) ?? "";
  hands.begin();
  await hands.press("t", "m");
  await row(page, title).waitFor({ state: "detached" });
  figures.push(atMost("one task to tomorrow, keys", hands.counted.keys, 2));
  await page.keyboard.press("z");
  await row(page, title).waitFor();

  await first.focus();
  hands.begin();
  await hands.press("c");
  await row(page, title).waitFor({ state: "detached" });
  await hands.press("z");
  await row(page, title).waitFor();
  figures.push(atMost("complete and undo, keys", hands.counted.keys, 2));

  hands.begin();
  await hands.press("/");
  await page.keyboard.type("upcoming");
  await hands.press("Enter");
  await page.waitForURL("**/upcoming");
  figures.push(atMost("an action in the palette, keys beside its words", hands.counted.keys, 3));

  await page.goto("/today");
  await first.focus();
  hands.begin();
  await hands.press("*", "t", "m");
  await page.getByText(/^1\d tasks: tomorrow/).waitFor();
  await row(page, "Task 0").waitFor({ state: "detached" });
  figures.push(atMost("ten tasks to tomorrow, keys", hands.counted.keys, 5));
  await page.context().close();
  return figures;
}
