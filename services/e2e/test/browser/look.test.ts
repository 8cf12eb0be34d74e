import { afterAll, beforeAll, expect, test } from "bun:test";
import { AxeBuilder } from "@axe-core/playwright";
import type { Browser } from "playwright-core";
import { launchBrowser, signUpInBrowser } from "../../src/browser.ts";
import { type Product, startProduct } from "../../src/product.ts";

let product: Product;
let browser: Browser;
/** The session of a user with tasks, and the address of one of them. */
let cookies: Awaited<ReturnType<Awaited<ReturnType<Browser["newContext"]>>["cookies"]>>;
let taskPath: string;

beforeAll(async () => {
  [product, browser] = await Promise.all([startProduct(), launchBrowser()]);
  const context = await browser.newContext({ baseURL: product.web });
  const page = await context.newPage();
  await signUpInBrowser(page, product.web, "looker");
  cookies = await context.cookies();
  const token = cookies.find(({ name }) => name === "carillon_session")?.value;
  const tasks = [
    { title: "Pay the rent", due_date: "2020-01-31T12:00:00Z", priority: "urgent", tags: ["home", "money"] },
    {
      title: "Plan a year of concerts",
      all_day: true,
      due_date: new Date(Date.now() + 5 * 86_400_000).toISOString(),
      recurring_pattern: "weekly",
    },
    {
      title: "A very long title ".repeat(12),
      description: "With a description",
      tags: ["x".repeat(60)],
      priority: "low",
    },
    {
      title: "Call the bell founder",
      due_date: new Date(Date.now() + 3_600_000).toISOString(),
      reminders: [{ before: "15m" }],
    },
  ];
  for (const task of tasks) {
    const response = await fetch(`${product.api}/api/tasks`, {
      method: "POST",
      headers: { authorization: `Bearer ${token}`, "content-type": "application/json" },
      body: JSON.stringify(task),
    });
    const made = (await response.json()) as { id: string };
    expect(response.status).toBe(201);
    taskPath = `/tasks/${made.id}`;
  }
  await fetch(`${product.api}${taskPath.replace("/tasks", "/api/tasks")}`, {
    method: "DELETE",
    headers: { authorization: `Bearer ${token}` },
  });
  taskPath = `/tasks/${((await (await fetch(`${product.api}/api/tasks?limit=1`, { headers: { authorization: `Bearer ${token}` } })).json()) as { data: { id: string }[] }).data[0]?.id}`;
  await context.close();
});
afterAll(async () => {
  await browser.close();
  await product.dispose();
});

const pages = [
  "/today",
  "/upcoming",
  "/inbox",
  "/done",
  "/more",
  "/all",
  "/all?search=nothing-like-it",
  "/trash",
  "/tags",
  "/settings",
  "/notifications",
  "/insights",
  "/unsubscribe/some-token",
  "a task",
  "/sign-in",
  "/sign-up",
  "/nowhere",
];
const sizes = { phone: { width: 360, height: 780 }, desktop: { width: 1_280, height: 900 } };

for (const [size, viewport] of Object.entries(sizes)) {
  for (const colorScheme of ["light", "dark"] as const) {
    test(`every page passes axe and nothing overflows: ${size}, ${colorScheme}`, async () => {
      const context = await browser.newContext({
        baseURL: product.web,
        viewport,
        colorScheme,
        reducedMotion: "reduce",
      });
      const page = await context.newPage();
      for (const path of pages) {
        if (path.startsWith("/sign")) await context.clearCookies();
        else await context.addCookies(cookies);
        await page.goto(path === "a task" ? taskPath : path);
        const { violations } = await new AxeBuilder({ page }).analyze();
        expect({
          path,
          violations: violations.map(({ id, nodes }) => ({ id, at: nodes.map(({ html }) => html) })),
        }).toEqual({ path, violations: [] });
        const overflow = await page.evaluate(
          () => document.documentElement.scrollWidth - document.documentElement.clientWidth,
        );
        expect({ path, overflow }).toEqual({ path, overflow: 0 });
      }
      await context.close();
    }, 120_000);
  }
}

test("nothing is loaded from another origin, and no page has inline scripts or styles", async () => {
  const context = await browser.newContext({ baseURL: product.web });
  await context.addCookies(cookies);
  const page = await context.newPage();
  const foreign: string[] = [];
  page.on("request", (request) => {
    if (!request.url().startsWith(product.web)) foreign.push(request.url());
  });
  for (const path of ["/today", "/all", "/tags", "/settings", taskPath]) {
    const response = await page.goto(path);
    const policy = response?.headers()["content-security-policy"] ?? "";
    expect(policy).toContain("default-src");
    expect(policy).not.toContain("unsafe-inline");
    expect(policy).not.toContain("unsafe-eval");
    expect(await page.locator("script:not([src]), style, [style], [onclick]").count()).toBe(0);
  }
  expect(foreign).toEqual([]);
  await context.close();
});
