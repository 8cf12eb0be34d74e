import { expect, test } from "bun:test";
import { createWeb } from "./browser.ts";
import { decode, formIn, wordsOf } from "./html.ts";

test("a user without scripts signs up, adds, edits, completes, reopens, deletes and restores a task", async () => {
  const { api, newBrowser } = createWeb();
  const browser = newBrowser();
  let page = await browser.signUp();
  expect(page.path).toBe("/today");
  expect(wordsOf(page.text)).toContain("Write a line as you would say it");

  page = await browser.submit(page, "/tasks", {
    title: "Buy bread",
    time: "18:00",
    priority: "high",
    tags: "home, Errands, home",
  });
  expect(page.path).toBe("/today");
  expect(wordsOf(page.text)).toContain("Added “Buy bread”, due Today, 18:00.");
  const [task] = [...(api.accounts.get("ada@example.com")?.tasks.values() ?? [])];
  expect(task).toMatchObject({
    title: "Buy bread",
    due_date: "2026-11-21T17:00:00.000Z",
    all_day: false,
    priority: "high",
    time_zone: "Europe/Brussels",
  });
  expect(task?.tags.map(({ name }) => name)).toEqual(["home", "Errands"]);

  page = await browser.get(`/tasks/${task?.id}?back=/today`);
  page = await browser.submit(page, `/tasks/${task?.id}?`, { title: "Buy two breads" });
  expect(page.path).toBe("/today");
  expect(wordsOf(page.text)).toContain("Saved “Buy two breads”.");

  page = await browser.submit(page, `/tasks/${task?.id}/complete`);
  expect(wordsOf(page.text)).toContain("Completed “Buy two breads”. Undo");
  expect(wordsOf(page.text)).toContain("All done for today");
  page = await browser.submit(page, `/tasks/${task?.id}/incomplete`);
  expect(wordsOf(page.text)).toContain("Reopened “Buy two breads”.");

  page = await browser.get(`/tasks/${task?.id}?back=/today`);
  page = await browser.submit(page, `/tasks/${task?.id}/delete`);
  expect(page.path).toBe("/today");
  expect(wordsOf(page.text)).toContain("Deleted “Buy two breads”. Undo");
  expect((await browser.get("/trash")).text).toContain("Buy two breads");
  page = await browser.submit(page, `/tasks/${task?.id}/restore`);
  expect(wordsOf(page.text)).toContain("Restored “Buy two breads”.");
  expect((await browser.get("/today")).text).toContain("Buy two breads");
});

test("a message is shown once", async () => {
  const browser = createWeb().newBrowser();
  const page = await browser.submit(await browser.signUp(), "/tasks", { title: "Once" });
  expect(page.text).toContain("data-toast");
  expect((await browser.get("/today")).text).not.toContain('class="toast"');
});

test("a window that refreshes itself does not consume the message for another window", async () => {
  const browser = createWeb().newBrowser();
  await browser.signUp();
  await browser.post("/tasks", { title: "Mine", back: "/today", key: "k" });
  const refreshed = await browser.get("/today", {
    headers: { "hx-request": "true", "hx-target": "section#list", "x-live": "1" },
  });
  expect(refreshed.text).not.toContain("Added");
  expect(wordsOf((await browser.get("/today")).text)).toContain("Added “Mine”");
});

test("a form sent twice creates one task", async () => {
  const { api, newBrowser } = createWeb();
  const browser = newBrowser();
  const page = await browser.signUp();
  const form = await formIn(page.text, "/tasks");
  const body = new URLSearchParams([...form.fields.filter(([name]) => name !== "title"), ["title", "Once only"]]);
  const answers = [await browser.post("/tasks", body), await browser.post("/tasks", body)];
  expect(answers.map(({ status }) => status)).toEqual([303, 303]);
  expect(api.accounts.get("ada@example.com")?.tasks.size).toBe(1);
});

test("every rendered form carries another key", async () => {
  const browser = createWeb().newBrowser();
  await browser.signUp();
  const keyOf = async () =>
    (await formIn((await browser.get("/all")).text, "/tasks")).fields.find(([name]) => name === "key")?.[1];
  const keys = [await keyOf(), await keyOf()];
  expect(keys[0]).toMatch(/^key-\d+$/);
  expect(keys[0]).not.toBe(keys[1]);
});

test("a rejected task comes back with everything that was typed and the reason at its field", async () => {
  const browser = createWeb().newBrowser();
  const page = await browser.signUp();
  const refused = await browser.submit(page, "/tasks", {
    title: "   ",
    date: "2026-12-24",
    time: "19:30",
    priority: "urgent",
    tags: 'a & b, "c"',
  });
  expect(refused.status).toBe(422);
  const { fields } = await formIn(refused.text, "/tasks");
  expect(Object.fromEntries(fields)).toMatchObject({
    title: "   ",
    date: "2026-12-24",
    time: "19:30",
    priority: "urgent",
    tags: 'a & b, "c"',
  });
  expect(refused.text).toMatch(/<p class="field-error" id="new-title-error">The title must not be empty\.<\/p>/);
  expect(refused.text).toMatch(/<input[^>]*aria-describedby="new-title-error"/);
});

test("a rejected sign-up comes back with what was typed, but never the password", async () => {
  const { newBrowser } = createWeb();
  const refused = await newBrowser().post("/sign-up", {
    email: "ada@example.com",
    password: "short",
    name: "Ada & Co",
    time_zone: "Asia/Kolkata",
  });
  expect(refused.status).toBe(422);
  const { fields } = await formIn(refused.text, "/sign-up");
  expect(Object.fromEntries(fields)).toMatchObject({
    email: "ada@example.com",
    password: "",
    name: "Ada & Co",
    time_zone: "Asia/Kolkata",
  });
  expect(wordsOf(refused.text)).toContain("The password must have at least 8 characters.");
});

test("a wrong password and an unknown address get the same words", async () => {
  const { newBrowser } = createWeb();
  const browser = newBrowser();
  await browser.signUp();
  const stranger = newBrowser();
  const wrong = await stranger.post("/sign-in", { email: "ada@example.com", password: "wrong wrong" });
  const unknown = await stranger.post("/sign-in", { email: "bob@example.com", password: "wrong wrong" });
  expect([wrong.status, unknown.status]).toEqual([401, 401]);
  expect(wordsOf(wrong.text)).toContain("E-mail or password is wrong.");
  expect(wrong.text.replaceAll("ada@example.com", "bob@example.com")).toBe(unknown.text);
});

test("too many passwords get a wait, on the page and in the header", async () => {
  const { api, newBrowser } = createWeb();
  api.tooMany = true;
  const answer = await newBrowser().post("/sign-in", { email: "ada@example.com", password: "wrong wrong" });
  expect(answer.status).toBe(429);
  expect(answer.headers.get("retry-after")).toBe("7");
  expect(wordsOf(answer.text)).toContain("Try again in 7 s.");
});

test("a taken address is reported at the address", async () => {
  const { newBrowser } = createWeb();
  await newBrowser().signUp();
  const second = await newBrowser().post("/sign-up", { email: "ADA@example.com", password: "correct horse" });
  expect(second.status).toBe(409);
  expect(second.text).toMatch(/id="email-error">This e-mail address already has an account/);
});

test("an edit on top of another edit is not saved: the page shows both and loses neither", async () => {
  const { api, newBrowser } = createWeb();
  const browser = newBrowser();
  await browser.submit(await browser.signUp(), "/tasks", { title: "Original", priority: "low" });
  const task = () => [...(api.accounts.get("ada@example.com")?.tasks.values() ?? [])][0];
  const path = `/tasks/${task()?.id}`;
  const mine = await browser.get(path);
  await browser.submit(await browser.get(path), `${path}?`, { title: "Theirs", priority: "urgent" });

  const stale = await browser.submit(mine, `${path}?`, { title: "Mine", description: "Only mine" });
  expect(stale.status).toBe(412);
  expect(task()).toMatchObject({ title: "Theirs", description: "" });
  expect(wordsOf(stale.text)).toContain("changed elsewhere while you were editing");
  expect(wordsOf(stale.text)).toContain("Title Theirs Mine");
  expect(wordsOf(stale.text)).toContain("Priority urgent the same");

  await browser.submit(stale, `${path}?`);
  expect(task()).toMatchObject({ title: "Mine", description: "Only mine", priority: "urgent" });
});

test("saving an untouched form changes nothing, not even what the form cannot show", async () => {
  const { api, newBrowser } = createWeb();
  const browser = newBrowser();
  await browser.submit(await browser.signUp(), "/tasks", { title: "Exact" });
  const account = api.accounts.get("ada@example.com");
  const [task] = [...(account?.tasks.values() ?? [])];
  if (!account || !task) throw new Error("no task");
  account.tasks.set(task.id, {
    ...task,
    due_date: "2026-11-21T09:00:30.500Z",
    all_day: false,
    description: "a\r\nb\tc &amp; <d>",
  });
  const path = `/tasks/${task.id}`;
  const saved = await browser.submit(await browser.get(path), `${path}?`);
  expect(wordsOf(saved.text)).toContain("Nothing was changed.");
  await browser.submit(await browser.get(path), `${path}?`, { title: "Exactly" });
  expect(account.tasks.get(task.id)).toMatchObject({
    title: "Exactly",
    due_date: "2026-11-21T09:00:30.500Z",
    description: "a\r\nb\tc &amp; <d>",
  });
});

test("while api is away every page says so with 503, and a posted form can be sent again", async () => {
  const { api, newBrowser } = createWeb();
  const browser = newBrowser();
  const page = await browser.signUp();
  api.away = true;
  const list = await browser.get("/today");
  expect(list.status).toBe(503);
  expect(list.headers.get("retry-after")).toBe("5");
  expect(wordsOf(list.text)).toContain("Your tasks are safe");

  const lost = await browser.submit(page, "/tasks", { title: "Do not lose me", tags: "x" });
  expect(lost.status).toBe(503);
  expect(wordsOf(lost.text)).toContain("Do not lose me");
  api.away = false;
  const sent = await browser.submit(lost, "/tasks");
  expect(wordsOf(sent.text)).toContain("Added “Do not lose me”");
});

test("a password is never written into a page, not even into one that offers to try again", async () => {
  const { api, newBrowser } = createWeb();
  api.away = true;
  const lost = await newBrowser().post("/sign-in", { email: "ada@example.com", password: "s3cret-word" });
  expect(lost.status).toBe(503);
  expect(lost.text).not.toContain("s3cret-word");
  // The form is shown again, with the typed address.
  expect((await formIn(lost.text, "/sign-in")).fields).toContainEqual(["email", "ada@example.com"]);
});

test("a form sent after the session ended is kept until the user has signed in again", async () => {
  const { newBrowser } = createWeb();
  const browser = newBrowser();
  const page = await browser.signUp();
  const session = browser.cookies.get("carillon_session");
  browser.cookies.set("carillon_session", "ended");
  const kept = await browser.submit(page, "/tasks", { title: "Written just now" });
  expect(kept.status).toBe(401);
  expect(browser.cookies.has("carillon_session")).toBe(false);
  browser.cookies.set("carillon_session", session ?? "");
  expect(wordsOf((await browser.submit(kept, "/tasks")).text)).toContain("Added “Written just now”");
});

test("a link followed while signed out leads there after sign-in, and never to another origin", async () => {
  const { newBrowser } = createWeb();
  const browser = newBrowser();
  await browser.signUp();
  await browser.post("/sign-out", {});
  const asked = await browser.follow(await browser.get("/upcoming?rows=100"));
  expect(asked.path).toBe("/sign-in?next=%2Fupcoming%3Frows%3D100");
  const credentials = { email: "ada@example.com", password: "correct horse" };
  expect((await browser.submit(asked, "/sign-in", credentials)).path).toBe("/upcoming?rows=100");
  for (const next of ["https://evil.example/", "//evil.example", "/\\evil.example", "javascript:alert(1)"]) {
    const answer = await newBrowser().post("/sign-in", { ...credentials, next });
    expect(answer.headers.get("location")).toBe("/today");
  }
});

test("signing out ends the session at api too", async () => {
  const browser = createWeb().newBrowser();
  await browser.signUp();
  const session = browser.cookies.get("carillon_session") ?? "";
  const page = await browser.follow(await browser.post("/sign-out", {}));
  expect(wordsOf(page.text)).toContain("You are signed out.");
  browser.cookies.set("carillon_session", session);
  expect((await browser.get("/today")).status).toBe(303);
});

test("a form's address opened as a page leads to the page it belongs to", async () => {
  const browser = createWeb().newBrowser();
  await browser.signUp();
  expect((await browser.follow(await browser.get("/tasks"))).path).toBe("/today");
  expect((await browser.follow(await browser.get("/settings/password"))).path).toBe("/settings");
  expect((await browser.follow(await browser.get("/tags/x/delete"))).path).toBe("/tags");
});

test("text comes back from every attribute exactly as it was typed", async () => {
  const browser = createWeb().newBrowser();
  const title = `AT&amp;T "quoted" <i>'x'</i> &lt;`;
  const page = await browser.submit(await browser.signUp(), "/tasks", { title });
  const id = /data-task="([^"]+)"/.exec(page.text)?.[1];
  const { fields } = await formIn((await browser.get(`/tasks/${id}`)).text, `/tasks/${id}?`);
  expect(Object.fromEntries(fields).title).toBe(title);
  expect(decode(/aria-label="(Complete [^"]*)"/.exec(page.text)?.[1] ?? "")).toBe(`Complete “${title}”`);
});
