import { afterEach, expect, test } from "bun:test";
import { type SmtpServer, type SmtpTrouble, startSmtpServer } from "@carillon/testing/smtp-server";
import { type SmtpOptions, smtpMailer } from "../../src/mail/smtp.ts";

const closing: (() => unknown)[] = [];
afterEach(async () => {
  for (const close of closing.splice(0).reverse()) await close();
});

const clock = { now: () => new Date() };
const mail = {
  to: "ada@example.com",
  subject: "Glöckner ruft",
  text: "First line\n.\n.. dots\nü",
  html: "<p>ü</p>",
  headers: { "List-Unsubscribe-Post": "List-Unsubscribe=One-Click" },
};

async function open(server: Partial<Parameters<typeof startSmtpServer>[0]> = {}, options: Partial<SmtpOptions> = {}) {
  const smtp = await startSmtpServer({ now: clock.now(), ...server });
  const trusted = smtp.certificate;
  const usual = {
    host: "127.0.0.1",
    port: smtp.port,
    username: null,
    password: null,
    clock,
    trusted,
    silenceMs: 5_000,
  };
  const mailer = smtpMailer({ ...usual, from: "Carillon <bells@example.com>", ...options });
  closing.push(() => smtp.stop(), mailer.close);
  return { smtp, mailer };
}

const failure = (kind: string) => ({ name: "MailFailure", kind });
const meets = (smtp: SmtpServer, ...troubles: SmtpTrouble[]) => {
  for (const trouble of troubles) smtp.next(trouble);
};

test("a mail is handed over under STARTTLS, after signing in, dots included", async () => {
  const login = { username: "bells", password: "s3cret ü" };
  const { smtp, mailer } = await open({ users: { bells: "s3cret ü" } }, login);
  expect(await mailer.send(mail, "rem-1-1")).toEqual({ messageId: "<rem-1-1@example.com>" });
  const [received] = smtp.received;
  expect(received).toMatchObject({
    from: "bells@example.com",
    to: ["ada@example.com"],
    isEncrypted: true,
    user: "bells",
  });
  expect(received?.data).toContain("Message-ID: <rem-1-1@example.com>\r\n");
  expect(received?.data).toContain("\r\nFirst line\r\n.\r\n.. dots\r\n=C3=BC\r\n");
  expect(received?.data).toContain("List-Unsubscribe-Post: List-Unsubscribe=One-Click\r\n");
});

test("a relay on this machine needs neither TLS nor an account", async () => {
  const { smtp, mailer } = await open({ offersTls: false });
  await mailer.send(mail, "rem-1-1");
  expect(smtp.received).toMatchObject([{ isEncrypted: false, user: null }]);
});

test("a password is never sent in the clear to another machine, and never to a server without a trusted certificate", async () => {
  const login = { username: "bells", password: "secret" };
  // Any address of this machine that is not its loopback will do; 0.0.0.0 reaches it too.
  const bare = await open({ users: { bells: "secret" }, offersTls: false }, { ...login, host: "0.0.0.0" });
  await expect(bare.mailer.send(mail, "rem-1-1")).rejects.toMatchObject(failure("away"));
  const stranger = await open({ users: { bells: "secret" } }, { ...login, trusted: "" });
  await expect(stranger.mailer.send(mail, "rem-1-1")).rejects.toMatchObject(failure("away"));
  expect([...bare.smtp.received, ...stranger.smtp.received]).toEqual([]);
});

test("connections are kept: ten mails in sequence use one", async () => {
  const { smtp, mailer } = await open();
  for (let at = 0; at < 10; at++) await mailer.send(mail, `rem-1-${at + 1}`);
  expect([smtp.received.length, smtp.connections()]).toEqual([10, 1]);
});

test("a rejected recipient, and a rejected mail, are permanent failures", async () => {
  const { smtp, mailer } = await open();
  meets(smtp, { at: "RCPT", answer: "550 5.1.1 no such user" });
  await expect(mailer.send(mail, "rem-1-1")).rejects.toMatchObject(failure("refused"));
  meets(smtp, { at: "end of data", answer: "554 5.6.0 not here" });
  await expect(mailer.send(mail, "rem-1-1")).rejects.toMatchObject(failure("refused"));
  expect(smtp.received).toEqual([]);
});

const answersToRecipients: [string, "refused" | "later", boolean][] = [
  ["550 5.1.1 user unknown", "refused", true],
  ["550 5.1.2 no such domain", "refused", true],
  ["553 5.1.3 bad address syntax", "refused", true],
  ["551 5.1.6 the mailbox has moved", "refused", true],
  ["550 No such user here", "refused", true],
  ["550 Mailbox unknown", "refused", true],
  ["550 The account does not exist", "refused", true],
  ["550 5.1.10 the domain accepts no mail", "refused", true],
  ["550 5.1.8 sender address rejected: domain not found", "refused", false],
  ["550 5.1.7 sender address rejected: unknown", "refused", false],
  ["550 5.7.1 no such user, says our policy", "refused", false],
  ["550 5.7.1 relaying denied", "refused", false],
  ["552 5.2.2 mailbox full", "refused", false],
  ["550 5.2.1 mailbox disabled", "refused", false],
  ["550 5.4.1 access denied", "refused", false],
  ["550 Blocked by a list", "refused", false],
  ["554 No such user here", "refused", false],
  ["450 4.1.1 user unknown", "later", false],
  ["450 No such user here", "later", false],
  ["451 4.7.1 greylisted", "later", false],
];
test.each(answersToRecipients)(
  "after %j to the recipient the mail is %s, and it is %p that the address is gone",
  async (given, kind, isNoMailbox) => {
    const { smtp, mailer } = await open({ offersTls: false });
    meets(smtp, { at: "RCPT", answer: given });
    await expect(mailer.send(mail, "rem-1-1")).rejects.toMatchObject({ ...failure(kind), isNoMailbox });
  },
);

test("a mail rejected after its content, or a sender who is unknown, is no sign that the address is gone", async () => {
  const { smtp, mailer } = await open({ offersTls: false });
  for (const at of ["MAIL", "end of data"] as const) {
    meets(smtp, { at, answer: "550 5.1.1 user unknown" });
    await expect(mailer.send(mail, "rem-1-1")).rejects.toMatchObject({ isNoMailbox: false });
  }
});

test("a recipient that defers a mail concerns this mail only", async () => {
  const { smtp, mailer } = await open();
  meets(smtp, { at: "RCPT", answer: "450 4.2.0 greylisted" });
  await expect(mailer.send(mail, "rem-1-1")).rejects.toMatchObject(failure("later"));
  await mailer.send(mail, "rem-1-1");
  expect(smtp.received).toHaveLength(1);
});

test("a server that rejects us, closes, hangs or is missing is away", async () => {
  const { smtp, mailer } = await open({}, { silenceMs: 400 });
  const troubles: SmtpTrouble[] = [
    { at: "MAIL", answer: "550 5.7.1 relaying denied" },
    { at: "RCPT", answer: "421 4.3.2 closing" },
    { at: "greeting", answer: "hang" },
    { at: "end of data", answer: "hang" },
  ];
  for (const trouble of troubles) {
    meets(smtp, trouble);
    const sending = trouble.at === "greeting" ? (await open({}, { port: smtp.port })).mailer : mailer;
    await expect(sending.send(mail, "rem-1-1")).rejects.toMatchObject(failure("away"));
  }
  const signIn = await open({ users: { bells: "right" } }, { username: "bells", password: "wrong" });
  await expect(signIn.mailer.send(mail, "rem-1-1")).rejects.toMatchObject(failure("away"));
  await smtp.stop();
  await expect(mailer.send(mail, "rem-1-1")).rejects.toMatchObject(failure("away"));
  expect(smtp.received).toEqual([]);
});

test("a mail whose answer was lost is not resent automatically; a second try has the same Message-ID", async () => {
  const { smtp, mailer } = await open();
  meets(smtp, { at: "end of data", answer: "lose" });
  await expect(mailer.send(mail, "rem-1-1")).rejects.toMatchObject(failure("away"));
  await Bun.sleep(200);
  expect(smtp.received).toHaveLength(1);
  await mailer.send(mail, "rem-1-1");
  const ids = smtp.received.map(({ data }) => /^Message-ID: (.*)$/m.exec(data)?.[1]?.trim());
  expect(ids).toEqual(["<rem-1-1@example.com>", "<rem-1-1@example.com>"]);
});
