import { afterEach, expect, setDefaultTimeout, test } from "bun:test";
import { startResend } from "@carillon/testing/resend-stand-in";
import { until } from "@carillon/testing/until";
import { freeUrls } from "./product.ts";
import { createRig, post, signUp } from "./rig.ts";

setDefaultTimeout(60_000);

const rig = createRig();
const resend = startResend();
afterEach(async () => {
  await rig.clear();
  await resend.stop();
});

type SentMail = { to: string[]; text: string; headers: Record<string, string> };

/** The address in the first mail that links to such a page, in its text or its headers. */
async function linkTo(page: string): Promise<string> {
  const pattern = new RegExp(`http\\S+/${page}/[^\\s>]+`);
  const found = () =>
    resend.asked.flatMap(({ body }) => {
      const { text, headers } = body as SentMail;
      return pattern.exec(`${text}\n${headers["List-Unsubscribe"] ?? ""}`)?.[0] ?? [];
    });
  await until(`a mail links to ${page}`, () => found().length > 0);
  return found()[0] ?? "";
}

const statusOf = async (url: string, method: string) => {
  const answer = await fetch(url, { method, redirect: "manual" });
  await answer.text();
  return answer.status;
};

/** What a mail program, a scanner and a preview do with a link before its reader sees it. */
async function lookAt(link: string, apiPath?: string): Promise<void> {
  for (const method of ["HEAD", "GET", "HEAD", "GET"])
    expect([method, await statusOf(link, method)]).toEqual([method, 200]);
  if (!apiPath) return;
  const api = `${apiPath}?token=${link.split("/").at(-1)}`;
  for (const method of ["HEAD", "GET"]) expect([method, await statusOf(api, method)]).toEqual([method, 405]);
}

/** The page's button. */
async function press(link: string, fields: Record<string, string> = {}): Promise<number> {
  const headers = { origin: new URL(link).origin, "sec-fetch-site": "same-origin" };
  const answer = await fetch(link, { method: "POST", headers, body: new URLSearchParams(fields), redirect: "manual" });
  await answer.text();
  return answer.status;
}

test("every link sent by mail still works after GET and HEAD of it, and neither changes anything", async () => {
  const urls = await freeUrls();
  const mail = {
    RESEND_API_KEY: "re_key",
    RESEND_BASE_URL: resend.url.href,
    MAIL_FROM: "Carillon <bells@example.com>",
  };
  const product = await rig.start({ urls, environment: { ...mail, PUBLIC_URL: urls.web } });
  const token = await signUp(product);
  const me = async () =>
    (await fetch(`${urls.api}/api/auth/me`, { headers: { authorization: `Bearer ${token}` } })).json();
  const signIn = async (email: string, password: string) =>
    (await post(`${urls.api}/api/signin`, { email, password })).status;
  const [first, second] = ["correct horse battery", "another horse of seven"];

  const proof = await linkTo("verify");
  await lookAt(proof, `${urls.api}/api/auth/verify`);
  expect(await me()).toMatchObject({ email_verified: false });
  expect(await press(proof)).toBe(200);
  expect(await me()).toMatchObject({ email_verified: true });

  const reminder_at = new Date(Date.now() + 1_000).toISOString();
  expect((await post(`${urls.api}/api/tasks`, { title: "Ring", reminder_at }, token)).status).toBe(201);
  const stop = await linkTo("unsubscribe");
  await lookAt(stop);
  expect(await me()).toMatchObject({ notifications: { email: true } });
  // As a mail program does it by itself (RFC 8058).
  const oneClick = new URLSearchParams({ "List-Unsubscribe": "One-Click" });
  expect((await fetch(stop, { method: "POST", body: oneClick })).status).toBe(200);
  expect(await me()).toMatchObject({ notifications: { email: false } });

  resend.asked.length = 0;
  const change = { new_email: "ada@new.example", password: first };
  expect((await post(`${urls.api}/api/auth/email`, change, token)).status).toBe(202);
  const move = await linkTo("verify");
  expect(move).not.toBe(proof);
  await lookAt(move, `${urls.api}/api/auth/verify`);
  expect(await me()).toMatchObject({ email: "ada@example.com" });
  expect(await press(move)).toBe(200);
  expect(await me()).toMatchObject({ email: "ada@new.example" });

  expect((await post(`${urls.api}/api/auth/forgot`, { email: "ada@new.example" })).status).toBe(202);
  const back = await linkTo("reset");
  await lookAt(back, `${urls.api}/api/auth/reset`);
  expect(await signIn("ada@new.example", first)).toBe(200);
  expect(await press(back, { new_password: second })).toBe(303);
  expect(await signIn("ada@new.example", second)).toBe(200);
});
