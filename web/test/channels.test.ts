import { expect, test } from "bun:test";
import { serveAsset } from "../src/assets.ts";
import { createWeb, origin } from "./browser.ts";
import { wordsOf } from "./html.ts";

const page = "/settings/channels";

test("channels are added, tested and removed, and mail is one of them", async () => {
  const { newBrowser } = createWeb();
  const browser = newBrowser();
  await browser.signUp();
  const words = async () => wordsOf((await browser.get(page)).text);
  expect(await words()).toContain("E-mail ada@example.com");
  const target = "https://ntfy.sh/our-kitchen";
  expect((await browser.post(page, { kind: "ntfy", target })).status).toBe(303);
  const listed = await browser.get(page);
  expect(wordsOf(listed.text)).toContain(`ntfy ${target}`);
  const [, id] = /\/settings\/channels\/([0-9a-f-]{36})\/test[^>]*>\s*<button[^>]*our-kitchen/.exec(listed.text) ?? [];
  await browser.post(`${page}/${id}/test`, {});
  expect(await words()).toContain("The test could not be sent: it answered 404.");
  await browser.post(`${page}/${id}/remove`, {});
  expect(await words()).not.toContain(target);
  const [, mail] = /\/settings\/channels\/([0-9a-f-]{36})\/remove/.exec(listed.text) ?? [];
  await browser.post(`${page}/${mail}/remove`, {});
  expect(await words()).toContain("Reminders are not sent by e-mail.");
  await browser.post(page, { kind: "email" });
  expect(await words()).toContain("E-mail ada@example.com");
});

test("a wrong address comes back with what was typed, and what is wrong with it", async () => {
  const { newBrowser } = createWeb();
  const browser = newBrowser();
  await browser.signUp();
  const answer = await browser.post(page, { kind: "ntfy", target: "kitchen", token: "tk_secret" });
  expect(answer.status).toBe(422);
  expect(wordsOf(answer.text)).toContain("The address must be an https address.");
  expect(answer.text).toContain('value="kitchen"');
  expect(answer.text).not.toContain("tk_secret");
});

test("a webhook's secret is shown once, can be replaced, and an event is sent again from the log", async () => {
  const { api, newBrowser } = createWeb();
  const browser = newBrowser();
  await browser.signUp();
  const made = await browser.post(page, { kind: "webhook", target: "https://example.com/hook", events: "changes" });
  expect([made.status, made.text.includes("whsec_shownonce")]).toEqual([201, true]);
  expect((await browser.get(page)).text).not.toContain("whsec_");
  const [hook] = [...(api.accounts.get("ada@example.com")?.channels.values() ?? [])];
  expect([hook?.events.includes("task.created"), hook?.events.includes("reminder.due")]).toEqual([true, false]);
  const log = await browser.get(`${page}/${hook?.id}`);
  expect(wordsOf(log.text)).toContain("task.created");
  expect(wordsOf(log.text)).toContain("failed: it answered 500");
  const [, resend = ""] = /action="(\/settings\/channels\/[^"]+\/resend)"/.exec(log.text) ?? [];
  expect((await browser.post(resend, {})).status).toBe(303);
  expect((await browser.post(`${page}/${hook?.id}/secret`, {})).text).toContain("whsec_another");
  api.proofIsOld = true;
  expect(wordsOf((await browser.post(`${page}/${hook?.id}/secret`, {})).text)).toContain("password");
});

test("the page has what the browser needs for a push, and takes its subscription", async () => {
  const { api, newBrowser } = createWeb();
  const browser = newBrowser();
  await browser.signUp();
  expect((await browser.get(page)).text).toMatch(/<form[^>]*data-push="BPushKeyOfTheTests"[^>]*hidden/);
  const subscription = JSON.stringify({ endpoint: "https://push.example.com/1", keys: { p256dh: "p", auth: "a" } });
  expect((await browser.post(page, { kind: "web_push", subscription })).status).toBe(303);
  const [device] = [...(api.accounts.get("ada@example.com")?.channels.values() ?? [])];
  expect(device).toMatchObject({ kind: "web_push", target: "https://push.example.com/1" });
  expect((await browser.post(page, { kind: "web_push", subscription: "no json" })).status).toBe(422);
});

/** The pages' worker outside of a browser. */
async function startWorker() {
  const source = (await serveAsset(new Request(`${origin}/worker.js`))?.text()) ?? "";
  const listeners: Record<string, (event: object) => void> = {};
  const did: string[] = [];
  const parts = {
    addEventListener: (name: string, listener: (event: object) => void) =>
      Object.assign(listeners, { [name]: listener }),
    caches: { delete: async () => void did.push("lists forgotten") },
    registration: {
      pushManager: { getSubscription: async () => ({ unsubscribe: async () => void did.push("unsubscribed") }) },
    },
    location: new URL(origin),
    fetch: async () => new Response(""),
  };
  new Function(...Object.keys(parts), source)(...Object.values(parts));
  const visit = async (method: string, path: string): Promise<void> => {
    const waited: unknown[] = [];
    const keep = (work: unknown) => void waited.push(work);
    const request = { method, url: `${origin}${path}`, mode: "navigate" };
    listeners.fetch?.({ request, respondWith: keep, waitUntil: keep });
    // What is waited for may wait for more.
    for (let at = 0; at < waited.length; at++) await waited[at];
  };
  return { did, visit };
}

test("after a sign-out the browser shows no more of that user's reminders; a session that ran out goes on ringing", async () => {
  const { did, visit } = await startWorker();
  await visit("GET", "/sign-in");
  expect(did).toEqual(["lists forgotten"]);
  await visit("POST", "/sign-out");
  await visit("GET", "/sign-in");
  expect(did).toEqual(["lists forgotten", "lists forgotten", "unsubscribed"]);
  await visit("GET", "/sign-in");
  expect(did).toHaveLength(4);
});
