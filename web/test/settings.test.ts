import { expect, test } from "bun:test";
import { createWeb } from "./browser.ts";
import { wordsOf } from "./html.ts";

test("name and zone are stored with the account; a rejected zone is reported at its field", async () => {
  const { api, newBrowser } = createWeb();
  const browser = newBrowser();
  await browser.signUp();
  const page = await browser.submit(await browser.get("/settings"), "/settings/profile", {
    name: "Ada L.",
    time_zone: "Asia/Tokyo",
  });
  expect(wordsOf(page.text)).toContain("Saved.");
  expect(api.accounts.get("ada@example.com")?.user).toMatchObject({ name: "Ada L.", time_zone: "Asia/Tokyo" });
  const refused = await browser.submit(page, "/settings/profile", { time_zone: "Nowhere/Land" });
  expect(refused.status).toBe(422);
  expect(refused.text).toMatch(/id="time_zone-error">The time zone is no time zone\./);
  expect(refused.text).toContain('<option value="Nowhere/Land" selected>');
});

test("how a user writes is stored with the account, and lays out the month", async () => {
  const { api, newBrowser } = createWeb();
  const browser = newBrowser();
  await browser.signUp();
  const page = await browser.submit(await browser.get("/settings"), "/settings/writing", {
    language: "de",
    hour_cycle: "h12",
    date_order: "mdy",
    week_start: "sunday",
    morning: "07:30:00",
  });
  expect(wordsOf(page.text)).toContain("Saved.");
  expect(api.accounts.get("ada@example.com")?.user).toMatchObject({
    language: "de",
    hour_cycle: "h12",
    date_order: "mdy",
    week_start: "sunday",
    day_parts: { morning: "07:30", night: "21:00" },
  });
  expect(page.text).toContain('<option value="sunday" selected>');
  const month = (await browser.get("/dates?month=2026-12")).text;
  expect(wordsOf(month)).toContain("Su Mo Tu We Th Fr Sa 29 30 1");
  const refused = await browser.submit(page, "/settings/writing", { morning: "25:00" });
  expect(refused.status).toBe(422);
  expect(refused.text).toMatch(/id="morning-error"/);
});

test("theme and shortcuts are stored in the browser and apply to every page from then on", async () => {
  const browser = createWeb().newBrowser();
  await browser.signUp();
  expect((await browser.get("/today")).text).toContain('<html lang="en" data-theme="system" data-density="compact">');
  const page = await browser.submit(await browser.get("/settings"), "/settings/display", {
    theme: "dark",
    shortcuts: [],
  });
  expect(page.text).toContain('data-theme="dark"');
  expect(page.text).toContain('data-shortcuts="off"');
  expect((await browser.get("/sign-in")).status).toBe(303);
  await browser.post("/sign-out", {});
  expect((await browser.get("/sign-in")).text).toContain('data-theme="dark"');
});

test("a new token is shown once; it can be revoked", async () => {
  const browser = createWeb().newBrowser();
  await browser.signUp();
  const made = await browser.submit(await browser.get("/settings"), "/settings/tokens", {
    token_name: "laptop",
    scope: "write",
    expires_day: "2026-12-31",
  });
  const token = /<code class="secret"[^>]*>([^<]+)</.exec(made.text)?.[1] ?? "";
  expect(token).toStartWith("cat_");
  const later = await browser.get("/settings");
  expect(later.text).not.toContain(token);
  expect(wordsOf(later.text)).toContain("laptop reads and writes everything; not used yet; until Thu 31 Dec, 23:59");
  const revoked = await browser.submit(later, "/settings/tokens/");
  expect(wordsOf(revoked.text)).toContain("Revoked the token “laptop”.");
  expect(wordsOf(revoked.text)).toContain("You have no access tokens.");
});

test("a wrong current password is reported at its field, and no password comes back", async () => {
  const browser = createWeb().newBrowser();
  await browser.signUp();
  const page = await browser.get("/settings");
  const refused = await browser.submit(page, "/settings/password", {
    current_password: "not this one",
    new_password: "another phrase",
  });
  expect(refused.status).toBe(422);
  expect(refused.text).toMatch(/id="current_password-error">That is not your current password\./);
  expect(refused.text).not.toMatch(/not this one|another phrase/);
  const changed = await browser.submit(page, "/settings/password", {
    current_password: "correct horse",
    new_password: "another phrase",
  });
  expect(wordsOf(changed.text)).toContain("Your password has been changed.");
});

test("the export comes as a file named after the day", async () => {
  const browser = createWeb().newBrowser();
  await browser.submit(await browser.signUp(), "/tasks", { title: "Keep me" });
  const file = await browser.get("/settings/export");
  expect(file.headers.get("content-disposition")).toBe('attachment; filename="carillon-2026-11-21.json"');
  expect(JSON.parse(file.text)).toMatchObject({ format: "carillon", tasks: [{ title: "Keep me" }] });
});

test("an account is erased only with its password, and the browser forgets it", async () => {
  const { api, newBrowser } = createWeb();
  const browser = newBrowser();
  await browser.signUp();
  const page = await browser.get("/settings");
  const refused = await browser.submit(page, "/settings/erase", { erase_password: "wrong wrong" });
  expect(refused.text).toMatch(/id="erase-password-error">That is not your password\. Nothing was erased\./);
  const erased = await browser.submit(page, "/settings/erase", { erase_password: "correct horse" });
  expect(erased.path).toBe("/sign-in");
  expect(wordsOf(erased.text)).toContain("Your account and everything in it have been erased");
  expect(api.accounts.size).toBe(0);
  expect(browser.cookies.has("carillon_session")).toBe(false);
});

test("a tag is created, renamed, recoloured and deleted; a taken name comes back with what was typed", async () => {
  const { api, newBrowser } = createWeb();
  const browser = newBrowser();
  await browser.signUp();
  let page = await browser.submit(await browser.get("/tags"), "/tags", { name: "home", color: "#0f8a7e" });
  expect(wordsOf(page.text)).toContain("Created the tag “home”.");
  page = await browser.submit(page, "/tags", { name: "work", color: "#3b6fb6" });
  const [home] = [...(api.accounts.get("ada@example.com")?.tags.values() ?? [])];
  const taken = await browser.submit(page, `/tags/${home?.id}`, { name: "WORK", color: "#112233" });
  expect(taken.status).toBe(422);
  expect(taken.text).toContain("There is already a tag with this name.");
  expect(taken.text).toContain('value="WORK"');
  expect(taken.text).toContain('value="#112233"');
  page = await browser.submit(page, `/tags/${home?.id}`, { name: "house", color: "#445566" });
  expect([...(api.accounts.get("ada@example.com")?.tags.values() ?? [])][0]).toMatchObject({
    name: "house",
    color: "#445566",
  });
  page = await browser.submit(page, `/tags/${home?.id}/delete`);
  expect(wordsOf(page.text)).toContain("Deleted the tag “house”.");
  expect(api.accounts.get("ada@example.com")?.tags.size).toBe(1);
});

test("a password proven too long ago is asked for again, and what was typed goes on by itself", async () => {
  const { api, newBrowser } = createWeb();
  const browser = newBrowser();
  await browser.signUp();
  api.proofIsOld = true;
  const typed = { token_name: "laptop <1>", scope: "write" };
  const asked = await browser.submit(await browser.get("/settings"), "/settings/tokens", typed);
  expect([asked.status, wordsOf(asked.text).includes("Enter your password")]).toEqual([403, true]);
  const wrong = await browser.submit(asked, "/settings/tokens", { proof_password: "not this one" });
  expect([wrong.status, wordsOf(wrong.text).includes("That is not your password.")]).toEqual([403, true]);
  expect(wrong.text).not.toContain("not this one");
  const made = await browser.submit(wrong, "/settings/tokens", { proof_password: "correct horse" });
  expect([made.status, wordsOf(made.text).includes("The token “laptop <1>” is ready.")]).toEqual([201, true]);
  api.proofIsOld = true;
  const page = await browser.get("/settings/export");
  expect(page.status).toBe(403);
  const file = await browser.submit(page, "/prove", { proof_password: "correct horse" });
  expect(JSON.parse(file.text)).toMatchObject({ format: "carillon" });
});
