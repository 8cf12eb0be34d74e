import { expect, test } from "bun:test";
import { createWeb, origin } from "./browser.ts";
import { wordsOf } from "./html.ts";

test("a calendar's address is shown once, can be renewed, and is revoked", async () => {
  const { api, newBrowser } = createWeb({ publicUrl: "https://bells.example" });
  const browser = newBrowser();
  await browser.signUp();
  const page = await browser.submit(await browser.get("/settings/calendars"), "/settings/calendars", { kind: "event" });
  expect(page.status).toBe(201);
  expect(page.text).toContain(`https://bells.example/calendar/${"a".repeat(43)}.ics`);
  expect(wordsOf((await browser.get("/settings/calendars")).text)).toContain("All tasks, as events");
  const [id] = [...(api.accounts.get("ada@example.com")?.feeds.keys() ?? [])];
  const renewed = await browser.post(`/settings/calendars/${id}/renew`, {});
  expect(renewed.text).toContain("It is shown only now");
  const [next] = [...(api.accounts.get("ada@example.com")?.feeds.keys() ?? [])];
  expect(next).not.toBe(id);
  const after = await browser.post(`/settings/calendars/${next}/revoke`, {});
  expect(after.status).toBe(303);
  expect(wordsOf((await browser.get("/settings/calendars")).text)).toContain("You have no calendars.");
});

test("a calendar's address is api's answer, with its tag, and needs no session", async () => {
  const asked: Request[] = [];
  const { app } = createWeb({
    async watch(request) {
      asked.push(request);
      const known = request.headers.get("if-none-match") === '"1"';
      return new Response(known ? null : "BEGIN:VCALENDAR", {
        status: known ? 304 : 200,
        headers: { etag: '"1"', "content-type": "text/calendar" },
      });
    },
  });
  const address = `${origin}/calendar/${"b".repeat(43)}.ics`;
  const first = await app.handle(new Request(address));
  expect([first.status, first.headers.get("etag"), await first.text()]).toEqual([200, '"1"', "BEGIN:VCALENDAR"]);
  const again = await app.handle(new Request(address, { headers: { "if-none-match": '"1"' } }));
  expect(again.status).toBe(304);
  expect(asked.map(({ url }) => new URL(url).pathname)).toEqual([new URL(address).pathname, new URL(address).pathname]);
});
