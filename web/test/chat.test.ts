import { expect, test } from "bun:test";
import { createWeb } from "./browser.ts";
import { wordsOf } from "./html.ts";

async function talker() {
  const browser = createWeb().newBrowser();
  await browser.signUp();
  const say = async (message: string) => browser.submit(await browser.get("/chat"), "/chat", { message });
  return { browser, say };
}

test("what is said and answered is on the page without a script, with a card that names date, zone and next dates", async () => {
  const { say } = await talker();
  const page = await say("Create a task");
  const words = wordsOf(page.text);
  expect(words).toContain("You said: Create a task");
  expect(words).toContain("Friday 4 December 2026, 17:00 · Europe/Berlin");
  expect(words).toContain("Then Friday 11 December 2026, 17:00");
  expect(page.text).toContain('action="/chat/undo"');
});

test("a card's act is taken back by its entries of the history, and all acts at once; what stays is named", async () => {
  const { api, newBrowser } = createWeb();
  const browser = newBrowser();
  await browser.signUp();
  const page = await browser.submit(await browser.get("/chat"), "/chat", { message: "Create milk twice" });
  const [, entry = ""] = /name="entry" value="([^"]+)"/.exec(page.text) ?? [];
  const one = await browser.submit(page, "/chat/undo");
  expect(wordsOf(one.text)).toContain("Taken back.");
  expect(api.requests.some(({ path: asked }) => asked === `/api/audit/${entry}/revert`)).toBe(true);
  const [, path = ""] = /action="(\/chat\/[^/"]+\/undo)"/.exec(page.text) ?? [];
  const all = await browser.submit(page, path);
  expect(wordsOf(all.text)).toContain("Taken back, but “Create milk twice” stays as it is now.");
});

test("a question has a button that answers yes", async () => {
  const { browser, say } = await talker();
  const asked = await say("Delete milk");
  expect(wordsOf(asked.text)).toContain("Nothing was changed yet.");
  const done = await browser.submit(asked, "/chat/confirm");
  expect(wordsOf(done.text)).toContain("Deleted.");
  expect(done.text).not.toContain('action="/chat/confirm"');
});

/** What a page could be made to load or to offer as a link. */
const loading = [
  '<img src="https://evil.example/a.png">',
  "![x](https://evil.example/b.png)",
  "[y](https://evil.example) https://evil.example/bare www.evil.example",
  "<script src=//evil.example/x.js>1</script>",
  "<svg><image href=https://evil.example/c.svg></svg>",
  "<iframe src=https://evil.example></iframe>",
  "<link rel=stylesheet href=https://evil.example/d.css>",
  "<p style=background:url(https://evil.example/e.png)>x</p>",
  "<a href=javascript:alert(1)>z</a> [z](javascript:alert(1))",
  '" onmouseover="fetch(1)" x="',
  "&lt;img src=https://evil.example/f.png&gt; &#60;img&#62;",
  '<form hx-get="https://evil.example" hx-trigger="load">',
  "<base href=https://evil.example/><meta http-equiv=refresh content=0;url=https://evil.example>",
];

test.each(loading)(
  "whatever a text says, the page shows it as text: no link, image or script of it: %s",
  async (evil) => {
    const { say } = await talker();
    const { text } = await say(`Create ${evil}`);
    expect(text).not.toMatch(/<(img|script src=\/\/|svg><image|iframe|base|meta http-equiv=refresh|form hx-get)\b/);
    expect(text).not.toMatch(/<[^>]*(evil\.example|javascript:|onmouseover=)/);
    expect(wordsOf(text)).toContain(evil.replace(/\s+/g, " "));
  },
);

test("a conversation is deleted, and one that is gone leads to a new one", async () => {
  const { browser, say } = await talker();
  const page = await say("hello");
  const path = /action="(\/chat\/[^/"]+)\/delete"/.exec(page.text)?.[1] ?? "";
  const left = await browser.submit(page, `${path}/delete`);
  expect(wordsOf(left.text)).toContain("Deleted the conversation.");
  expect((await browser.get(path)).status).toBe(303);
});

test("only entries of a history are taken back: no odd id, and not none", async () => {
  const { browser } = await talker();
  for (const entry of ["", "..", "../../auth/me", "%2e", "x"])
    expect((await browser.post("/chat/undo", { entry })).status).toBe(404);
  expect((await browser.post("/chat/undo", {})).status).toBe(404);
});

test("no address is made of an id that is none", async () => {
  const { browser } = await talker();
  for (const conversation of ["../..", "..", "/evil.example", "a\nb", "x"])
    for (const message of ["", "hello"])
      expect((await browser.post("/chat", { conversation, message })).status).toBe(404);
  expect((await browser.post("/chat/stream", { conversation: "../..", message: "hello" })).status).toBe(404);
  expect((await browser.post("/chat/confirm", { proposal: "../.." })).status).toBe(404);
});
