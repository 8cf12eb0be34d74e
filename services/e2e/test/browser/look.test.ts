import { afterAll, beforeAll, expect, test } from "bun:test";
import { AxeBuilder } from "@axe-core/playwright";
import type { Browser } from "playwright-core";
import { launchBrowser, signUpInBrowser } from "../../src/browser.ts";
import { makeTask, type Person, signUp } from "../../src/looks/people.ts";
import { type Product, startProduct } from "../../src/product.ts";

let product: Product;
let browser: Browser;
/** The session of a user with tasks, and the address of one of them. */
let cookies: Awaited<ReturnType<Awaited<ReturnType<Browser["newContext"]>>["cookies"]>>;
let taskPath: string;
/** Of a user whose every word is as long as may be. */
let wide: { path: string; person: Person };
let chatPath: string;

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
  const answer = await fetch(`${product.api}/api/chat`, {
    method: "POST",
    headers: { authorization: `Bearer ${token}`, "content-type": "application/json" },
    body: JSON.stringify({ message: "Create a daily task: Team standup at 9 AM" }),
  });
  const { conversation_id } = (await answer.json()) as { conversation_id: string };
  chatPath = `/chat/${conversation_id}`;
  await context.close();
  wide = await withWideWords();
});
afterAll(async () => {
  await browser.close();
  await product.dispose();
});

const endless = (length: number) => `https://meet.example.com/join?token=${"k".repeat(length)}`.slice(0, length);

/** A user who pastes links and writes without blanks, wherever one can write. */
async function withWideWords() {
  const person = await signUp(product.api, "Wide");
  const [tags, title] = [[endless(100), "ت".repeat(100)], endless(500)];
  const due_date = new Date(Date.now() + 3_600_000).toISOString();
  const task = { title, description: endless(5_000), tags, due_date, recurring_pattern: "daily" };
  const id = await makeTask(product.api, person, { ...task, reminders: [{ before: "30m" }] });
  await makeTask(product.api, person, { title: "ﷺ".repeat(400), due_date: "2020-01-31T12:00:00Z", priority: "urgent" });
  const headers = { authorization: `Bearer ${person.token}`, "content-type": "application/json" };
  for (const [method, path, body] of [
    ["PATCH", `/api/tasks/${id}`, { title: endless(499), description: endless(4_000) }],
    ["PATCH", "/api/auth/me", { name: "w".repeat(200) }],
    ["POST", "/api/chat", { message: `Create a task: ${endless(400)}` }],
    ["POST", "/api/tokens", { name: endless(100), scope: "read" }],
  ] as const) {
    const answer = await fetch(`${product.api}${path}`, { method, headers, body: JSON.stringify(body) });
    expect({ path, ok: answer.ok }).toEqual({ path, ok: true });
  }
  return { path: `/tasks/${id}`, person };
}

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
  "/settings/channels",
  "/settings/calendars",
  "/settings/import",
  "/notifications",
  "/insights",
  "/unsubscribe/some-token",
  "a task",
  "a conversation",
  "/chat",
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
        await page.goto({ "a task": taskPath, "a conversation": chatPath }[path] ?? path);
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

test("no link, tag or name widens a page, from 320 pixels on", async () => {
  const context = await browser.newContext({ baseURL: product.web });
  await context.addCookies([{ name: "carillon_session", value: wide.person.token, url: product.web }]);
  const page = await context.newPage();
  const { path } = wide;
  const conversation = async () => {
    await page.goto("/chat");
    return (await page.locator("main a[href^='/chat/']").first().getAttribute("href")) ?? "";
  };
  const all = ["/today", "/upcoming", "/inbox", "/all?status=any", `/all?search=${endless(150)}`, "/tags", "/settings"];
  const more = [path, `${path}/history`, `${path}/date`, "/notifications", "/insights", "/chat", "/more", "a pane"];
  for (const one of [...all, ...more, "a conversation"]) {
    await page.goto(one === "a pane" ? "/upcoming" : one === "a conversation" ? await conversation() : one);
    if (one === "a pane") {
      await page.locator("a.task-title").first().click();
      await page.locator("#pane .edit-form").waitFor();
    }
    for (const width of [320, 390, 768, 1_024, 1_440]) {
      await page.setViewportSize({ width, height: 800 });
      const overflow = await page.evaluate(
        () => document.documentElement.scrollWidth - document.documentElement.clientWidth,
      );
      expect({ one, width, overflow }).toEqual({ one, width, overflow: 0 });
    }
  }
  await context.close();
}, 60_000);

test("nothing is loaded from another origin, and no page has inline scripts or styles", async () => {
  const context = await browser.newContext({ baseURL: product.web });
  await context.addCookies(cookies);
  const page = await context.newPage();
  const foreign: string[] = [];
  page.on("request", (request) => {
    if (!request.url().startsWith(product.web)) foreign.push(request.url());
  });
  for (const path of ["/today", "/all", "/tags", "/settings", chatPath, taskPath]) {
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
