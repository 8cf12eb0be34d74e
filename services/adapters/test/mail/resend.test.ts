import { afterEach, expect, test } from "bun:test";
import { type StandIn, startResend } from "@carillon/testing/resend-stand-in";
import { resendMailer } from "../../src/mail/resend.ts";

let resend: StandIn | null = null;
afterEach(async () => {
  await resend?.stop();
  resend = null;
});

const mail = { to: "ada@example.com", subject: "Ring ü", text: "t", html: "h", headers: { "List-Unsubscribe": "<x>" } };

function open(path = "") {
  const started = startResend();
  resend = started;
  const baseUrl = new URL(path, started.url);
  const options = { apiKey: "re_key", baseUrl, from: "Carillon <bells@example.com>", timeoutMs: 300 };
  return { resend: started, mailer: resendMailer(options) };
}
const failure = (kind: string, more: object = {}) => ({ name: "MailFailure", kind, ...more });

test("a mail goes to POST /emails as Resend requires, with key, sender and headers", async () => {
  const opened = open();
  expect(await opened.mailer.send(mail, "rem-1-1")).toEqual({ messageId: "<rem-1-1@example.com>" });
  expect(opened.resend.asked).toEqual([
    {
      path: "/emails",
      key: "rem-1-1",
      authorization: "Bearer re_key",
      body: {
        from: "Carillon <bells@example.com>",
        to: ["ada@example.com"],
        subject: "Ring ü",
        text: "t",
        html: "h",
        headers: { "List-Unsubscribe": "<x>", "Message-ID": "<rem-1-1@example.com>" },
      },
    },
  ]);
});

test("an address with a path of its own is kept", async () => {
  const opened = open("/proxy");
  await opened.mailer.send(mail, "rem-1-1");
  expect(opened.resend.asked[0]?.path).toBe("/proxy/emails");
});

test("a lost answer is requested again with the same key, and the mail went out once", async () => {
  const opened = open();
  opened.resend.next("lose the answer");
  await expect(opened.mailer.send(mail, "rem-1-1")).rejects.toMatchObject(failure("away"));
  await opened.mailer.send(mail, "rem-1-1");
  expect(opened.resend.sent).toHaveLength(1);
});

test("a mail whose words changed between the tries went out with its first ones", async () => {
  const opened = open();
  opened.resend.next("lose the answer");
  await expect(opened.mailer.send(mail, "rem-1-1")).rejects.toMatchObject(failure("away"));
  const again = await opened.mailer.send({ ...mail, subject: "Renamed" }, "rem-1-1");
  expect(again).toEqual({ messageId: "<rem-1-1@example.com>" });
  expect(opened.resend.sent.map(({ subject }) => subject)).toEqual(["Ring ü"]);
});

test("a provider that answers too late, breaks or cannot be reached is away", async () => {
  const opened = open();
  for (const trouble of ["hang", 500, 502, 503] as const) {
    opened.resend.next(trouble);
    await expect(opened.mailer.send(mail, "rem-1-1")).rejects.toMatchObject(failure("away"));
  }
  await opened.resend.stop();
  await expect(opened.mailer.send(mail, "rem-1-1")).rejects.toMatchObject(failure("away"));
});

test("429 is away for as long as it asks for; so are a wrong key and an unverified sender, which are ours to fix", async () => {
  const opened = open();
  opened.resend.next(429, { "retry-after": "7" });
  await expect(opened.mailer.send(mail, "rem-1-1")).rejects.toMatchObject(failure("away", { retryAfterMs: 7_000 }));
  for (const status of [401, 403] as const) {
    opened.resend.next(status);
    await expect(opened.mailer.send(mail, "rem-1-1")).rejects.toMatchObject(failure("away", { retryAfterMs: null }));
  }
});

test("a redirect is not followed: mail and key go nowhere else", async () => {
  const opened = open();
  opened.resend.next(307, { location: new URL("/elsewhere", opened.resend.url).href });
  await expect(opened.mailer.send(mail, "rem-1-1")).rejects.toMatchObject(failure("away"));
  expect(opened.resend.asked.map(({ path }) => path)).toEqual(["/emails"]);
});

test("a proxy's answer in Resend's place is no answer, whatever its status", async () => {
  const opened = open();
  const page = (status: number) => new Response("<h1>Sign in</h1>", { status });
  const json = (body: unknown, status: number) => Response.json(body, { status });
  const foreign = { error: "no way for ada@example.com" };
  for (const answer of [page(200), page(404), page(502), json(foreign, 422), json(foreign, 502), json(null, 502)]) {
    opened.resend.next(answer);
    await expect(opened.mailer.send(mail, "rem-1-1")).rejects.toMatchObject(failure("away"));
  }
  expect(opened.resend.sent).toEqual([]);
});

test("any other 4xx is a permanent rejection; the reason is Resend's own word and holds no address", async () => {
  const opened = open();
  for (const status of [400, 404, 422] as const) {
    opened.resend.next(status);
    const refused = opened.mailer.send(mail, "rem-1-1");
    await expect(refused).rejects.toMatchObject(
      failure("refused", { message: `Resend answered ${status} validation_error` }),
    );
  }
});

test("the same key in another request under way is retried later", async () => {
  const opened = open();
  opened.resend.next(409);
  await expect(opened.mailer.send(mail, "rem-1-1")).rejects.toMatchObject(failure("later"));
});
