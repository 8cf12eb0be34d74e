import type { Browser } from "playwright-core";
import type { Product } from "../product.ts";
import { atLeast, atMost, type Figure, openAs } from "./figure.ts";
import { fillWeek, makeTask, signUp } from "./people.ts";

/** How much of a list is seen without scrolling. */
export async function measurePlaces(browser: Browser, product: Product): Promise<Figure[]> {
  const person = await signUp(product.api, "Eyes");
  await fillWeek(product.api, person);
  for (let index = 0; index < 12; index++)
    await makeTask(product.api, person, {
      title: `Late ${index}`,
      due_date: new Date(Date.now() - 3_600_000 * (index + 1)).toISOString(),
    });
  // At any hour more tasks than a window has room for.
  for (let index = 0; index < 20; index++)
    await makeTask(product.api, person, {
      title: `Soon ${index}`,
      due_date: new Date(Date.now() + 120_000).toISOString(),
    });
  const phone = await openAs(browser, product, person, { viewport: { width: 360, height: 740 } });
  await phone.goto("/today");
  const y = Math.round((await phone.locator("#list li[data-task]").first().boundingBox())?.y ?? Number.NaN);
  await phone.context().close();
  const desk = await openAs(browser, product, person);
  await desk.goto("/today");
  const rows = await desk
    .locator("#list li[data-task]")
    .evaluateAll((all) => all.filter((one) => one.getBoundingClientRect().bottom <= innerHeight).length);
  await desk.context().close();
  return [atMost("first task on 360 × 740, y", y, 150, " px"), atLeast("rows on 1440 × 900, Today", rows, 14)];
}
