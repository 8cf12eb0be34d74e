import { afterAll, beforeAll, expect, test } from "bun:test";
import { createHmac } from "node:crypto";
import type { Letter } from "@carillon/contracts/http/letters";
import { appTokenHeader } from "@carillon/contracts/names";
import { noteTransport, sweepExpired } from "../src/auth/index.ts";
import { appToken, type Harness, type Person, startApi } from "./harness.ts";

const secret = `whsec_${Buffer.from("a signing key of the tests").toString("base64")}`;
let api: Harness;
beforeAll(async () => {
  api = await startApi({ ratePerMinute: 1_000_000, resendWebhookSecret: secret });
  await noteTransport({ sql: api.sql }, true);
});
afterAll(() => api.close());

const minuteMs = 60_000;
const hourMs = 60 * minuteMs;
const inside = { [appTokenHeader]: appToken };
const post = (path: string, body: unknown) => api.call("POST", path, { headers: inside, body });
/** Every letter that was taken so far. */
const mailed: Letter[] = [];
async function take(): Promise<Letter[]> {
  const { letters } = (await post("/internal/letters/take", { goes_out: true })).body;
  mailed.push(...letters);
  return letters;
}

async function proven(): Promise<Person> {
  const person = await api.signUp();
  const letter = (await take()).find(({ email }) => email === person.email);
  expect((await api.call("POST", "/api/auth/verify", { body: { token: letter?.token } })).status).toBe(204);
  return person;
}

/** That many reminders, all due at the end. */
async function dueReminders({ token }: Person, count: number): Promise<string[]> {
  const ids: string[] = [];
  for (let left = count; left > 0; left -= 20) {
    const at = (seconds: number) => new Date(api.clock.now().getTime() + seconds * 1_000).toISOString();
    const reminders = Array.from({ length: Math.min(20, left) }, (_, n) => ({ at: at(n + 1) }));
    const { body } = await api.call("POST", "/api/tasks", { token, body: { title: "x", reminders } });
    ids.push(...body.reminders.map(({ id }: { id: string }) => id));
  }
  api.clock.advance(21_000);
  return ids;
}

async function claim(ids: string[]): Promise<string[]> {
  const { body } = await post("/internal/reminders/claim", { reminders: ids.map((id) => ({ id, generation: 1 })) });
  return body.reminders.map(({ outcome, reason }: { outcome: string; reason?: string }) => reason ?? outcome);
}

const counted = (words: string[]) => {
  const counts: Record<string, number> = {};
  for (const word of words) counts[word] = (counts[word] ?? 0) + 1;
  return counts;
};

/** The session of a day ago has run out. */
async function again(person: Person): Promise<Person> {
  const { body } = await api.call("POST", "/api/auth/renew", { token: person.token });
  return { ...person, token: body.access_token };
}

test("G28: an account gets 30 mails an hour; the rest is cancelled and says so, and a retry uses no budget", async () => {
  const ada = await proven();
  const ids = await dueReminders(ada, 40);
  // The link that proved the address was the first.
  expect(counted(await claim(ids))).toEqual({ send: 29, mail_limit: 11 });
  expect(counted(await claim(ids))).toEqual({ send: 29, mail_limit: 11 });
  const { body } = await api.call("GET", "/api/notifications?state=cancelled&limit=100", { token: ada.token });
  expect(counted(body.data.map(({ reason }: { reason: string }) => reason))).toEqual({ mail_limit: 11 });
  api.clock.advance(hourMs);
  expect(counted(await claim(await dueReminders(ada, 31)))).toEqual({ send: 30, mail_limit: 1 });
});

test("G28: an account gets 200 mails a day", async () => {
  const ada = await proven();
  const got: string[] = [];
  for (let hour = 0; hour < 8; hour++) {
    got.push(...(await claim(await dueReminders(ada, 30))));
    api.clock.advance(hourMs);
  }
  expect(got.filter((one) => one === "send")).toHaveLength(199);
  api.clock.advance(17 * hourMs);
  expect(counted(await claim(await dueReminders(await again(ada), 5)))).toEqual({ send: 5 });
  const [row] = await api.sql`select count(*)::int as grants from api.mail_grants where user_id = ${ada.user.id}`;
  api.clock.advance(60 * hourMs);
  expect((await sweepExpired(api.deps)).mailGrants).toBeGreaterThanOrEqual(row?.grants);
});

test("G28: one address gets five links an hour, from however many accounts it is asked for", async () => {
  const target = "target@example.com";
  for (let at = 0; at < 7; at++) {
    const eve = await proven();
    const body = { new_email: target, password: eve.password };
    expect((await api.call("POST", "/api/auth/email", { token: eve.token, body })).status).toBe(202);
  }
  await take();
  expect(mailed.filter(({ email }) => email === target)).toHaveLength(5);
});

test("a full budget keeps no owner out: the way back is mailed all the same", async () => {
  const ada = await proven();
  await claim(await dueReminders(ada, 40));
  await api.call("POST", "/api/auth/forgot", { body: { email: ada.email } });
  expect((await take()).filter(({ email }) => email === ada.email).map(({ kind }) => kind)).toEqual(["reset"]);
});

const webhook = (event: unknown, { id = "msg_1", at = api.clock.now(), key = secret } = {}) => {
  const body = JSON.stringify(event);
  const timestamp = String(Math.floor(at.getTime() / 1_000));
  const signing = Buffer.from(key.replace("whsec_", ""), "base64");
  const signature = createHmac("sha256", signing).update(`${id}.${timestamp}.${body}`).digest("base64");
  const headers = { "svix-id": id, "svix-timestamp": timestamp, "svix-signature": `v1,bm9uZQ== v1,${signature}` };
  return api.call("POST", "/api/webhooks/resend", { body, headers });
};
const eventFor = (email: string, type: string, bounce?: string) => ({
  type,
  data: { to: [`Ada <${email.toUpperCase()}>`], ...(bounce ? { bounce: { type: bounce } } : {}) },
});
const stateOf = async ({ token }: Person) =>
  (await api.call("GET", "/api/auth/mail", { token })).body.stopped?.reason ?? null;

test.each([
  ["email.bounced", "Permanent", "bounced"],
  ["email.bounced", undefined, "bounced"],
  ["email.complained", undefined, "complained"],
  ["email.bounced", "Transient", null],
  ["email.opened", undefined, null],
] as const)("Resend's %s (%s) makes of an address: %s", async (type, bounce, reason) => {
  const ada = await proven();
  expect((await webhook(eventFor(ada.email, type, bounce))).status).toBe(204);
  expect(await stateOf(ada)).toBe(reason);
  expect(await claim(await dueReminders(ada, 1))).toEqual([reason === null ? "send" : "provider"]);
});

test("a webhook without the right signature, or older than five minutes, changes nothing", async () => {
  const ada = await proven();
  const event = eventFor(ada.email, "email.complained");
  const old = new Date(api.clock.now().getTime() - 6 * minuteMs);
  const other = `whsec_${Buffer.from("another key").toString("base64")}`;
  for (const wrong of [{ key: other }, { at: old }, { id: "" }]) expect((await webhook(event, wrong)).status).toBe(401);
  expect((await api.call("POST", "/api/webhooks/resend", { body: event })).status).toBe(401);
  expect(await stateOf(ada)).toBe(null);
  for (const odd of [null, [], { type: 1 }]) expect((await webhook(odd)).status).toBe(204);
});

test("SMTP's word that there is no such mailbox stops mail, until a link that was mailed there is opened", async () => {
  const ada = await proven();
  expect((await post("/internal/mail/bounces", { emails: [ada.email] })).status).toBe(204);
  expect(await stateOf(ada)).toBe("bounced");
  expect((await api.call("POST", "/api/auth/verify/resend", { token: ada.token })).status).toBe(202);
  const [letter] = (await take()).filter(({ email }) => email === ada.email);
  expect(letter?.kind).toBe("verify");
  await api.call("POST", "/api/auth/verify", { body: { token: letter?.token } });
  expect(await stateOf(ada)).toBe(null);
  expect(await claim(await dueReminders(ada, 1))).toEqual(["send"]);
});
