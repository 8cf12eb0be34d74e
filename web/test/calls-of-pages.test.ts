import { expect, test } from "bun:test";
import { createWeb } from "./browser.ts";

test("a page asks api in two steps: who is there, then all that it shows at once", async () => {
  const steps: string[][] = [];
  let underWay = 0;
  const { newBrowser } = createWeb({
    async watch(request, call) {
      if (underWay === 0) steps.push([]);
      steps.at(-1)?.push(new URL(request.url).pathname);
      underWay += 1;
      return call(request).finally(() => {
        underWay -= 1;
      });
    },
  });
  const browser = newBrowser();
  await browser.signUp();
  for (const path of ["/today", "/all"]) {
    steps.length = 0;
    await browser.get(path);
    expect(steps[0]).toEqual(["/api/auth/me"]);
    expect(steps).toHaveLength(2);
  }
});
