import { expect, test } from "bun:test";
import { createWeb } from "./browser.ts";

const oddIds = [
  "export",
  ".",
  "%2e",
  "..",
  "%2e%2e",
  "..%2finternal",
  "a%2fb",
  "%00",
  "%0d%0aset-cookie:%20a=b",
  "%F0%9F%94%94",
  "%ed%a0%80",
  "null",
  "%3Cscript%3E",
  "018f0000-0000-7000-8000-00000000000g",
  "x".repeat(500),
];
const id = "018f0000-0000-7000-8000-000000000000";

test("G32: an address with an invalid id is not found, without a call to api", async () => {
  const { api, app, newBrowser } = createWeb();
  const browser = newBrowser();
  await browser.signUp();
  const routes = app.routes.filter(({ path }) => /:(id|reminder)/.test(path));
  expect(routes.length).toBeGreaterThan(15);
  api.requests.length = 0;
  for (const { method, path } of routes) {
    for (const odd of oddIds) {
      for (const name of path.match(/:\w+/g) ?? []) {
        const address = path.replace(name, odd).replace(/:\w+/, id);
        const answer = method === "GET" ? await browser.get(address) : await browser.post(address, {});
        // A browser itself turns `/tasks/./x` into another address.
        if (/\/(\.|%2e)+(\/|$)/.test(address)) expect(answer.status).toBeLessThan(500);
        else expect({ address, status: answer.status }).toEqual({ address, status: 404 });
      }
    }
  }
  // Every page counts the visitor's own tasks.
  const asked = api.requests.map(({ path }) => path.split("?")[0] ?? "").filter((path) => path !== "/api/tasks/counts");
  expect(asked.filter((path) => path.startsWith("/api/tasks/") || path.startsWith("/api/tokens/"))).toEqual([]);
});

const texts = [
  "日本",
  "é",
  "🔔",
  "\ud800",
  "a\r\nset-cookie: a=b",
  "a\nb",
  "\u0000",
  "\u2028",
  "%0d%0a",
  "x".repeat(9_000),
];

test("text of any kind in `back`, `next` and `key` causes no failure and no second header", async () => {
  const { api, newBrowser } = createWeb();
  const browser = newBrowser();
  await browser.submit(await browser.signUp(), "/tasks", { title: "Ring" });
  const task = [...(api.accounts.get("ada@example.com")?.tasks.keys() ?? [])][0];
  for (const text of texts) {
    const back = `/all?search=${text}`;
    const query = new URLSearchParams({ back });
    const answers = [
      await browser.post(`/tasks/${task}/complete?${query}`, {}),
      await browser.post(`/tasks/${task}/incomplete?${query}`, {}),
      await browser.post("/tasks", { title: "x", back, key: text }),
      await browser.post("/tags", { name: text, back, key: text }),
      await browser.post("/sign-in", { email: "ada@example.com", password: "correct horse", next: back }),
      await browser.get(`/sign-in?${new URLSearchParams({ next: back })}`),
      await browser.get(`/tasks/${task}?${query}`),
    ];
    for (const { status, headers, setCookies } of answers) {
      expect(status).toBeLessThan(500);
      expect(headers.get("location") ?? "").toMatch(/^[\x20-\x7e]*$/);
      expect(setCookies.filter((line) => !line.startsWith("carillon_"))).toEqual([]);
    }
  }
});

test("a redirect leads to its target, in whatever language", async () => {
  const { newBrowser } = createWeb();
  const browser = newBrowser();
  await browser.signUp();
  const answer = await browser.get(`/sign-in?${new URLSearchParams({ next: "/all?search=日本" })}`);
  expect(answer.headers.get("location")).toBe("/all?search=%E6%97%A5%E6%9C%AC");
});

test("S9: over https the session is in a cookie that no other host can set, and in none but it", async () => {
  const browser = createWeb({ publicUrl: "https://carillon.example" }).newBrowser();
  const headers = { origin: "https://carillon.example" };
  const account = { email: "ada@example.com", password: "correct horse", name: "Ada", time_zone: "UTC" };
  const signedUp = await browser.post("/sign-up", account, { headers });
  const lines = signedUp.setCookies.map((line) => line.replace(/=[^;]+/, "=…"));
  expect(lines).toContain("__Host-carillon_session=…; Path=/; Max-Age=604800; HttpOnly; SameSite=Lax; Secure");
  const session = browser.cookies.get("__Host-carillon_session") ?? "";
  expect((await browser.get("/settings")).status).toBe(200);

  // A neighbouring host plants one: ours wins.
  browser.cookies.set("carillon_session", "planted");
  expect((await browser.get("/settings")).status).toBe(200);

  browser.cookies.clear();
  browser.cookies.set("carillon_session", session);
  expect((await browser.get("/settings")).headers.get("location")).toBe("/sign-in?next=%2Fsettings");
  browser.cookies.set("__Host-carillon_session", session);
  const signedOut = await browser.post("/sign-out", {}, { headers });
  expect(signedOut.setCookies.filter((line) => line.includes("Max-Age=0")).map((line) => line.split("=")[0])).toEqual([
    "__Host-carillon_session",
  ]);
});

test("a page that reads itself again goes nowhere by itself when the session has ended", async () => {
  const { api, newBrowser } = createWeb();
  const browser = newBrowser();
  await browser.signUp();
  api.sessions.clear();
  const asked = { "hx-request": "true", "hx-request-type": "partial", "hx-target": "section#list", "x-live": "1" };
  const answer = await browser.get("/today", { headers: asked });
  expect([answer.status, answer.headers.get("hx-redirect")]).toEqual([401, null]);
  expect(answer.text).toMatch(/^<hx-partial hx-target="#toasts"/);
  expect(answer.text).toContain("What you typed is still here.");
});
