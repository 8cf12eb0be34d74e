import { describe, expect, test } from "bun:test";
import { BlockList } from "node:net";
import { createWeb, origin } from "./browser.ts";

const form = "application/x-www-form-urlencoded";

test.each([
  ["same-origin form", { "sec-fetch-site": "same-origin", origin }, 303],
  ["typed or bookmarked", { "sec-fetch-site": "none" }, 303],
  ["old browser on our own page", { origin }, 303],
  ["our public address behind a proxy", { origin, host: "web:3000" }, 303],
  ["another address of the same machine", { origin: "http://192.168.1.5:3000", host: "192.168.1.5:3000" }, 303],
  ["another site", { "sec-fetch-site": "cross-site", origin: "https://evil.example" }, 403],
  ["another site that lies about Origin", { "sec-fetch-site": "cross-site", origin }, 403],
  ["a sister site", { "sec-fetch-site": "same-site", origin: "http://x.localhost:3000" }, 403],
  ["old browser on another site", { origin: "https://evil.example" }, 403],
  ["a sandboxed frame", { origin: "null" }, 403],
  ["neither header", {}, 403],
])("a form from %s is accepted or rejected", async (_name, headers, status) => {
  const { api, app, newBrowser } = createWeb();
  const browser = newBrowser();
  await browser.signUp();
  const cookie = `carillon_session=${browser.cookies.get("carillon_session")}`;
  const request = new Request(`${origin}/tasks`, {
    method: "POST",
    headers: { "content-type": form, host: "localhost:3000", cookie, ...headers },
    body: "title=x&back=/today&key=k",
  });
  expect((await app.handle(request)).status).toBe(status);
  expect(api.accounts.get("ada@example.com")?.tasks.size).toBe(status === 303 ? 1 : 0);
});

test("every address that changes something is a POST and rejects other sites, except the one mail programs use", async () => {
  const { app, newBrowser } = createWeb();
  const browser = newBrowser();
  await browser.signUp();
  const changing = app.routes.filter(({ method }) => !["GET", "HEAD"].includes(method));
  expect(changing.map(({ path }) => path)).toContain("/tasks/:id/delete");
  for (const { method, path } of changing) {
    expect(method).toBe("POST");
    const address = path.replace(/:(id|reminder|token)/g, "x");
    const answer = await browser.post(address, {}, { headers: { "sec-fetch-site": "cross-site" } });
    expect({ path, status: answer.status }).toEqual({ path, status: path === "/unsubscribe/:token" ? 404 : 403 });
  }
});

test("the session cookie cannot be read by scripts, is not sent by other sites, and goes over https only where there is https", async () => {
  const cookieOf = async (publicUrl: string) => {
    const browser = createWeb({ publicUrl }).newBrowser();
    const answer = await browser.post("/sign-up", { email: "ada@example.com", password: "correct horse" });
    return answer.setCookies.find((line) => /^(__Host-)?carillon_session=/.test(line))?.replace(/=[^;]+/, "=…");
  };
  expect(await cookieOf("http://localhost:3000")).toBe(
    "carillon_session=…; Path=/; Max-Age=604800; HttpOnly; SameSite=Lax",
  );
  expect(await cookieOf("https://carillon.example")).toBe(
    "__Host-carillon_session=…; Path=/; Max-Age=604800; HttpOnly; SameSite=Lax; Secure",
  );
});

test("every kind of answer carries the strict content policy and is cached nowhere", async () => {
  const { api, newBrowser } = createWeb();
  const browser = newBrowser();
  const before = [
    await browser.get("/sign-in"),
    await browser.get("/nowhere"),
    await browser.get("/health/live"),
    await browser.get("/"),
  ];
  const inside = [
    await browser.signUp(),
    await browser.get("/settings"),
    await browser.post("/tasks", {}, { headers: { "sec-fetch-site": "cross-site" } }),
  ];
  api.away = true;
  for (const answer of [...before, ...inside, await browser.get("/today")]) {
    const policy = answer.headers.get("content-security-policy") ?? "";
    expect(policy).toContain("default-src 'none'");
    expect(policy).toContain("script-src 'self'");
    expect(policy).toContain("style-src 'self'");
    expect(policy).toContain("frame-ancestors 'none'");
    expect(policy).not.toContain("unsafe");
    expect(answer.headers.get("x-content-type-options")).toBe("nosniff");
    expect(answer.headers.get("referrer-policy")).toBe("same-origin");
    expect(answer.headers.get("permissions-policy")).toContain("camera=()");
    expect(answer.headers.get("cache-control")).toBe("no-store");
  }
});

test("files have their content's hash in their name and are cached for a year; any other name is unknown", async () => {
  const browser = createWeb().newBrowser();
  const page = await browser.get("/sign-in");
  const urls = [...page.text.matchAll(/(?:href|src)="(\/assets\/[^"]+)"/g)].map(([, url]) => url ?? "");
  expect(urls.length).toBeGreaterThanOrEqual(4);
  for (const url of urls) {
    expect(url).toMatch(/\.[0-9a-f]{12}\.(css|js|png|svg|webmanifest)$/);
    const file = await browser.get(url);
    expect(file.status).toBe(200);
    expect(file.headers.get("cache-control")).toBe("public, max-age=31536000, immutable");
    expect((await browser.get(url.replace(/[0-9a-f]{12}/, "000000000000"))).status).toBe(404);
  }
  expect((await browser.get("/assets/../package.json")).status).toBe(404);
  expect((await browser.get("/package.json")).status).toBe(404);
});

test("a phone can install the pages: pictures of 192 and 512 pixels, one that may be cut to a shape, and one for iOS", async () => {
  const { app, newBrowser } = createWeb();
  const browser = newBrowser();
  const page = await browser.get("/sign-in");
  const linked = (rel: string) => new RegExp(`<link rel="${rel}" href="([^"]+)"`).exec(page.text)?.[1] ?? "";
  const manifest = JSON.parse((await browser.get(linked("manifest"))).text);
  expect(manifest).toMatchObject({
    name: "Carillon",
    short_name: "Carillon",
    start_url: "/today",
    display: "standalone",
  });
  const icons: { src: string; sizes: string; type: string; purpose: string }[] = manifest.icons;
  const pictures = icons.filter(({ type }) => type === "image/png");
  expect(pictures.map(({ sizes, purpose }) => `${sizes} ${purpose}`)).toEqual([
    "192x192 any",
    "512x512 any",
    "512x512 maskable",
  ]);
  for (const { src, sizes } of [...pictures, { src: linked("apple-touch-icon"), sizes: "180x180" }]) {
    const answer = await app.handle(new Request(origin + src, { headers: { "accept-encoding": "gzip" } }));
    expect([answer.status, answer.headers.get("content-type"), answer.headers.get("content-encoding")]).toEqual([
      200,
      "image/png",
      null,
    ]);
    const bytes = Buffer.from(await answer.arrayBuffer());
    expect(bytes.subarray(1, 4).toString()).toBe("PNG");
    expect(`${bytes.readUInt32BE(16)}x${bytes.readUInt32BE(20)}`).toBe(sizes);
  }
});

describe("web presents its token to api, and reports where each request came from", () => {
  const loopback = new BlockList();
  loopback.addAddress("127.0.0.1", "ipv4");

  test.each([
    ["a proxy that is not trusted", undefined, "203.0.113.9", "127.0.0.1"],
    ["a trusted proxy", loopback, "198.51.100.1, 203.0.113.9:4711", "203.0.113.9, 127.0.0.1"],
  ])("behind %s", async (_name, trustedProxies, forwarded, told) => {
    const { api, app } = createWeb(trustedProxies === undefined ? {} : { trustedProxies });
    app.listen({ hostname: "127.0.0.1", port: 0 });
    const url = `http://127.0.0.1:${app.server?.port}`;
    const ours = { "sec-fetch-site": "same-origin", "x-forwarded-for": forwarded };
    const body = new URLSearchParams({ email: "ada@example.com", password: "correct horse" });
    const entered = await fetch(`${url}/sign-up`, { method: "POST", body, headers: ours, redirect: "manual" });
    const cookie = entered.headers
      .getSetCookie()
      .map((line) => line.split(";")[0])
      .join("; ");
    expect((await fetch(`${url}/today`, { headers: { ...ours, cookie } })).status).toBe(200);
    expect(new Set(api.requests.map(({ headers }) => headers.get("x-forwarded-for")))).toEqual(new Set([told]));
    expect(api.requests.map(({ headers }) => headers.get("dapr-api-token"))).not.toContain(null);
    await app.stop(true);
  });

  test("and with no socket of its own it tells nothing, whatever a header says", async () => {
    const { api, newBrowser } = createWeb();
    const headers = { "x-forwarded-for": "203.0.113.9" };
    await newBrowser().post("/sign-up", { email: "ada@example.com", password: "correct horse" }, { headers });
    expect(api.requests.map((one) => one.headers.get("x-forwarded-for"))).toEqual([null]);
  });
});

describe("the mark of a browser that has signed in", () => {
  test("is kept for half a year where no script reads it, outlives the session, and is sent at the next sign-in only", async () => {
    const { api, newBrowser } = createWeb({ publicUrl: "https://carillon.example" });
    const browser = newBrowser();
    const entered = await browser.post("/sign-up", { email: "ada@example.com", password: "correct horse" });
    const line = entered.setCookies.find((one) => one.startsWith("__Host-carillon_device="));
    expect(line?.split("; ").slice(1).sort()).toEqual([
      "HttpOnly",
      "Max-Age=15552000",
      "Path=/",
      "SameSite=Lax",
      "Secure",
    ]);
    await browser.get("/today");
    await browser.post("/sign-out", {});
    await browser.post("/sign-in", { email: "ada@example.com", password: "a wrong one" });
    const shown = api.requests.map(({ path, headers }) => [path.split("?")[0], headers.get("carillon-device")]);
    const mark = `mark-of-${api.accounts.get("ada@example.com")?.user.id}`;
    expect(shown.filter(([, device]) => device !== null)).toEqual([["/api/signin", mark]]);
  });
});

test("a common password is rejected at its field, in api's words, and none is cut while it is typed", async () => {
  const { newBrowser } = createWeb();
  const refused = await newBrowser().post("/sign-up", { email: "ada@example.com", password: "password" });
  expect(refused.status).toBe(422);
  expect(refused.text).toContain("The password is one of the most used passwords");
  // Browsers cut at maxlength, and count UTF-16 units, where 256 emoji are 512.
  const field = /<input[^>]*name="password"[^>]*>/.exec(refused.text)?.[0] ?? "";
  expect(field).toContain('minlength="8"');
  expect(field).not.toContain("maxlength");
});

test("a user above the pages of a minute waits, others do not", async () => {
  const { newBrowser, setNow } = createWeb({ maxPagesPerMinute: 3, now: "2026-11-21T13:00:20Z" });
  const ada = newBrowser();
  await ada.signUp();
  const bob = newBrowser();
  await bob.signUp("bob@example.com");
  const answers = [await ada.get("/today"), await ada.get("/today"), await ada.get("/today")];
  expect(answers.map(({ status }) => status)).toEqual([200, 200, 429]);
  expect(answers[2]?.headers.get("retry-after")).toBe("40");
  expect((await bob.get("/today")).status).toBe(200);
  setNow("2026-11-21T13:01:00Z");
  expect((await ada.get("/today")).status).toBe(200);
});

test("an unknown session uses up no user's pages and leads to the sign-in page", async () => {
  const browser = createWeb({ maxPagesPerMinute: 1 }).newBrowser();
  for (let attempt = 0; attempt < 3; attempt++) {
    browser.cookies.set("carillon_session", "forged");
    const answer = await browser.get("/today");
    expect(answer.headers.get("location")).toBe("/sign-in?next=%2Ftoday");
  }
});

test("another user's task is as unknown as one that never existed", async () => {
  const { api, newBrowser } = createWeb();
  const ada = newBrowser();
  await ada.submit(await ada.signUp(), "/tasks", { title: "Private" });
  const id = [...(api.accounts.get("ada@example.com")?.tasks.keys() ?? [])][0];
  const bob = newBrowser();
  await bob.signUp("bob@example.com");
  for (const path of [`/tasks/${id}`, `/tasks/${id}/history`]) {
    const theirs = await bob.get(path);
    const nobodys = await bob.get(path.replace(id ?? "", crypto.randomUUID()));
    expect(theirs.status).toBe(nobodys.status);
    // Each page has a key of its own for the task that one adds on it.
    const shown = ({ text }: typeof theirs) =>
      text.replaceAll(/[0-9a-f]{8}-[0-9a-f-]{27}/g, "ID").replaceAll(/"key-\d+"/g, "KEY");
    expect(shown(theirs)).toBe(shown(nobodys));
    expect(theirs.text).not.toContain("Private");
  }
  for (const verb of ["complete", "delete", "restore"]) await bob.post(`/tasks/${id}/${verb}`, {});
  expect(api.accounts.get("ada@example.com")?.tasks.get(id ?? "")).toMatchObject({
    completed: false,
    deleted_at: null,
  });
});

test("a form that is too large or malformed is rejected before anything happens", async () => {
  const browser = createWeb().newBrowser();
  await browser.signUp();
  expect((await browser.post("/tasks", { title: "x".repeat(1_100_000) })).status).toBe(413);
  expect((await browser.post("/tasks", {}, { headers: { "content-type": "application/json" } })).status).toBe(415);
});

test("a visitor finds where to report a vulnerability, and how long that is valid", async () => {
  const { app } = createWeb();
  const response = await app.handle(
    new Request(`${origin}/.well-known/security.txt`, { headers: { host: "localhost:3000" } }),
  );
  expect(response.status).toBe(200);
  expect(response.headers.get("content-type")).toBe("text/plain; charset=utf-8");
  const fields = new Map(
    (await response.text())
      .trim()
      .split("\n")
      .map((line) => line.split(/: (.*)/, 2) as [string, string]),
  );
  expect(fields.get("Contact")).toStartWith("https://");
  expect(fields.get("Canonical")).toBe(`${origin}/.well-known/security.txt`);
  const days = (Date.parse(fields.get("Expires") ?? "") - Date.now()) / 86_400_000;
  // RFC 9116: less than a year ahead.
  expect(days > 30 && days < 365).toBe(true);
});
