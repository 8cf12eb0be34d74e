import { expect, test } from "bun:test";
import { Protection } from "@carillon/testing/protection";
import { createWeb, origin } from "./browser.ts";
import { formIn } from "./html.ts";

const nobodysId = "018f0000-0000-7000-8000-000000000000";

/** What the forms take, so that each is answered well; a form that is not here fails. `:id` is a task's, or what else the route speaks of. */
const forms: Record<string, Record<string, string>> = {
  "/tasks": { title: "New", back: "/today", key: "k" },
  "/tasks/understood": { title: "pay rent tomorrow" },
  "/tasks/:id": { title: "Changed" },
  "/tasks/:id/save": { title: "Changed" },
  "/undo": { skip: "none" },
  "/history/:id/undo": {},
  "/tasks/:id/tick": { line: "0", words: "none" },
  "/tasks/:id/preview": { title: "Changed" },
  "/tasks/:id/date": { words: "tomorrow", to: "tomorrow", back: "/today" },
  "/tasks/:id/priority": { priority: "high", back: "/today" },
  "/overdue/date": { words: "tomorrow", to: "tomorrow", back: "/today" },
  "/tasks/:id/skip": { back: "/today" },
  "/tasks/:id/complete": { back: "/today" },
  "/tasks/:id/incomplete": { back: "/today" },
  "/tasks/:id/delete": { back: "/today" },
  "/tasks/:id/restore": { back: "/today" },
  "/tasks/:id/reminders": { before: "1h" },
  "/tasks/:id/reminders/:reminder/remove": {},
  "/tasks/:id/snooze": { minutes: "15" },
  "/tags": { name: "fresh", color: "#123456" },
  "/tags/:id": { name: "renamed", color: "#123456" },
  "/tags/:id/delete": {},
  "/settings/profile": { name: "Ada", time_zone: "UTC" },
  "/settings/writing": { date_order: "mdy", morning: "08:00", afternoon: "15:00", evening: "19:00", night: "21:00" },
  "/settings/reminders": { email: "on" },
  "/settings/display": { theme: "dark" },
  "/settings/address": { new_email: "ada@new.example", address_password: "correct horse" },
  "/settings/address/resend": {},
  "/prove": { next: "/settings" },
  "/verify/:token": {},
  "/settings/password": { current_password: "correct horse", new_password: "another horse of 7" },
  "/settings/two-step": { two_step_password: "correct horse" },
  "/settings/two-step/confirm": { code: "123456" },
  "/settings/two-step/off": { two_step_password: "correct horse", two_step_code: "123456" },
  "/settings/sessions/end-others": {},
  "/settings/sessions/:id/end": { name: "A browser" },
  "/settings/tokens": { token_name: "own", scope: "read", key: "t" },
  "/settings/tokens/:id/revoke": {},
  "/settings/erase": { erase_password: "another horse of 7", password: "another horse of 7" },
  "/settings/channels": { kind: "ntfy", target: "https://ntfy.sh/x" },
  "/settings/channels/:id/test": {},
  "/settings/channels/:id/remove": {},
  "/settings/channels/:id/secret": {},
  "/settings/channels/:id/deliveries/:delivery/resend": {},
  "/settings/calendars": { kind: "todo", tag: "" },
  "/settings/calendars/:id/renew": {},
  "/settings/calendars/:id/revoke": {},
  "/settings/import": {},
  "/settings/import/undo": { batch_id: nobodysId },
  "/chat/confirm": { proposal: nobodysId },
  "/sign-in": { email: "ada@example.com", password: "correct horse" },
  "/sign-up": { email: "eve@example.com", password: "correct horse", name: "Eve", time_zone: "UTC" },
  "/sign-out": {},
  "/forgot": { email: "ada@example.com" },
  "/reset/:token": { new_password: "correct horse" },
  "/unsubscribe/:token": {},
};

/** Pages without api's help, and what leads to them without it; a sign-out, which ends in the browser at least; and the end of an account, after which no page asks. */
const needsNobody =
  /^GET \/(health.*|ready|\.well-known.*|offline|sign-in(\/provider.*)?|sign-up|unsubscribe\/:token|forgot|(reset|verify)\/:token)?$|^POST \/(sign-out|settings\/erase)$/;

const proofOf = (userId: string | undefined): string => `proof-${userId}-ada@example.com`;

type Route = { method: string; path: string };
type Web = ReturnType<typeof createWeb>;
type Asker = ReturnType<Web["newBrowser"]>;

/** The id of a task, or where the route speaks of one of a tag, made for it alone. */
async function prepare({ api }: Web, browser: Asker, { method, path }: Route): Promise<string> {
  const account = api.accounts.get("ada@example.com");
  await browser.post("/sign-in", { email: "ada@example.com", password: account?.password ?? "" });
  await browser.post("/tags", { name: `tag ${path}`, color: "#123456" });
  const task = { title: "Old", date: "2026-11-25", back: "/today" };
  await browser.post("/tasks", { ...task, key: `${method} ${path}` });
  const id = [...(account?.tasks.keys() ?? [])].at(-1) ?? "";
  await browser.post(`/tasks/${id}`, { ...task, recurring_pattern: "daily" });
  if (path.startsWith("/reset")) api.links.add("link-ada@example.com");
  if (path.startsWith("/verify")) api.links.add(proofOf(account?.user.id));
  if (path.endsWith("/import/undo")) account?.batches.set(nobodysId, []);
  if (path.startsWith("/history")) return account?.history.find(({ action }) => action === "task.updated")?.id ?? "";
  if (path.endsWith("/restore")) await browser.post(`/tasks/${id}/delete`, {});
  return path.startsWith("/tags") ? ([...(account?.tags.keys() ?? [])].at(-1) ?? "") : id;
}

/** What a form holds that a page offers, with ours in place of its own. */
async function filled(browser: Asker, path: string, id: string): Promise<Record<string, string>> {
  if (path === "/chat/undo") return { entry: id };
  const ours = forms[path] ?? {};
  if (!/^\/tasks\/:id(\/preview|\/save)?$/.test(path)) return ours;
  const { fields } = await formIn((await browser.get(`/tasks/${id}`)).text, `/tasks/${id}?`);
  return { ...Object.fromEntries(fields), ...ours };
}

test("each route of web protects its answers, good or bad, whole or broken", async () => {
  const web = createWeb({ publicUrl: "https://carillon.example" });
  const { api, app, newBrowser } = web;
  const protection = new Protection("page", { secure: true, isPublic: (route) => route.startsWith("/.well-known/") });
  const [browser, stranger] = [newBrowser(), newBrowser()];
  // Last: what ends the account.
  const isEnd = ({ path }: Route) => Number(path === "/settings/erase");
  const routes = app.routes.toSorted((a, b) => isEnd(a) - isEnd(b));
  const unwell: string[] = [];

  async function ask(who: Asker, { method, path }: Route, id: string): Promise<number> {
    const address = path.replace(":reminder", nobodysId).replace(":token", tokenFor(path)).replace(/:\w+/g, id);
    const form = who === browser && !api.away && method === "POST" ? await filled(browser, path, id) : {};
    const { status, headers } = method === "POST" ? await who.post(address, form) : await who.get(address);
    protection.hear({ method, route: path, status, headers });
    return status;
  }

  const tokenFor = (path: string) => {
    if (path.startsWith("/verify")) return proofOf(api.accounts.get("ada@example.com")?.user.id);
    return path.startsWith("/reset") ? "link-ada@example.com" : "ada@example.com";
  };

  await browser.signUp();
  for (const route of routes) {
    const { method, path } = route;
    const id = await prepare(web, browser, route);
    const status = await ask(browser, route, id);
    if (status >= 400) unwell.push(`${method} ${path}: ${status}`);
    await ask(stranger, route, nobodysId);
    const refused = await app.handle(new Request(`${origin}${path.replace(/:\w+/g, id)}`, { method: "PUT" }));
    expect([403, 404, 405]).toContain(refused.status);
    protection.hear({ method, route: path, status: refused.status, headers: refused.headers });
    api.away = true;
    await ask(browser, route, id);
    api.away = false;
  }
  expect(protection.faults).toEqual([]);
  expect(unwell).toEqual([]);
  expect(protection.unheard(routes, ["4xx"])).toEqual([]);
  const canBreak = routes.filter(({ method, path }) => !needsNobody.test(`${method} ${path}`));
  expect(protection.unheard(canBreak, ["5xx"])).toEqual([]);
});
