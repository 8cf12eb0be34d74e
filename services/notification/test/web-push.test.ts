import { afterEach, beforeEach, expect, test } from "bun:test";
import { createDecipheriv, createECDH, createHmac, createPublicKey, hkdfSync, randomBytes, verify } from "node:crypto";
import type { Send } from "@carillon/contracts/http/channels";
import { until } from "@carillon/testing/until";
import { createPushSigner } from "../src/channels/push-signer.ts";
import { openRig, type Rig } from "./harness.ts";

let rig: Rig;
let service: ReturnType<typeof startPushService>;
beforeEach(async () => {
  rig = await openRig();
  service = startPushService();
});
afterEach(async () => {
  await service.stop();
  await rig.close();
});

/** A stand-in for a browser vendor's push service. */
function startPushService() {
  const got: { headers: Headers; body: Buffer }[] = [];
  const answers: number[] = [];
  const server = Bun.serve({
    port: 0,
    hostname: "127.0.0.1",
    async fetch(request) {
      got.push({ headers: request.headers, body: Buffer.from(await request.arrayBuffer()) });
      return new Response(null, { status: answers.shift() ?? 201 });
    },
  });
  return { got, answers, origin: `http://127.0.0.1:${server.port}`, stop: () => server.stop(true) };
}

/** A browser's subscription, and what it reads in a push (RFC 8291, RFC 8188). */
function browser() {
  const pair = createECDH("prime256v1");
  const own = pair.generateKeys();
  const auth = randomBytes(16);
  const hmac = (key: Buffer, ...parts: Buffer[]) => createHmac("sha256", key).update(Buffer.concat(parts)).digest();
  return {
    keys: { p256dh: own.toString("base64url"), auth: auth.toString("base64url") },
    read(body: Buffer): unknown {
      const [salt, sender] = [body.subarray(0, 16), body.subarray(21, 21 + (body[20] ?? 0))];
      const first = hmac(auth, pair.computeSecret(sender));
      const secret = hmac(first, Buffer.from("WebPush: info\0"), own, sender, Buffer.from([1]));
      const derive = (info: string, bytes: number) =>
        Buffer.from(hkdfSync("sha256", secret, salt, Buffer.from(`Content-Encoding: ${info}\0`), bytes));
      const record = body.subarray(21 + sender.length);
      const decipher = createDecipheriv("aes-128-gcm", derive("aes128gcm", 16), derive("nonce", 12));
      decipher.setAuthTag(record.subarray(-16));
      const padded = Buffer.concat([decipher.update(record.subarray(0, -16)), decipher.final()]);
      return JSON.parse(padded.subarray(0, padded.lastIndexOf(2)).toString());
    },
  };
}

function reminder(title: string): Send {
  const [taskId, now] = [Bun.randomUUIDv7(), new Date()];
  const due = { title, due_date: null, all_day: false, time_zone: "UTC", remind_at: now.toISOString() };
  return {
    user_id: Bun.randomUUIDv7(),
    id: Bun.randomUUIDv7(),
    attempts: 1,
    created_at: now.toISOString(),
    task_id: taskId,
    content: {
      about: "reminder",
      user_zone: "UTC",
      hour_cycle: "h23",
      date_order: "dmy",
      reminder: { ...due, reminder_id: Bun.randomUUIDv7(), task_id: taskId },
    },
  };
}

async function push(keys: { p256dh: string; auth: string } | null, ...sends: Send[]) {
  const address = { id: Bun.randomUUIDv7(), target: `${service.origin}/push/1`, token: null, keys, secrets: [] };
  rig.api.channels.push({ channel: { ...address, kind: "web_push" }, sends });
  const replica = await rig.replica();
  replica.start();
  await until("api heard of all", () => rig.api.sendResults.length === sends.length);
  return rig.api.sendResults;
}

test("a push is encrypted for its browser alone, and says what is due and to which task it belongs", async () => {
  const { keys, read } = browser();
  const title = `Milk ☕ ${"ü".repeat(480)}`;
  const send = reminder(title);
  expect(await push(keys, send)).toMatchObject([{ outcome: "sent", status_code: 201 }]);
  const [got] = service.got;
  expect(got?.headers.get("content-encoding")).toBe("aes128gcm");
  expect(got?.body.includes("Milk")).toBe(false);
  expect(got?.body.length).toBeLessThanOrEqual(4_096);
  const message = { title, text: "You asked to be reminded of this.", tag: send.id, task: send.task_id };
  expect(read(got?.body ?? Buffer.alloc(0))).toEqual(message);
  expect([got?.headers.get("ttl"), got?.headers.get("urgency")]).toEqual(["86400", "high"]);
});

test("the push service can tell who sends: the key that browsers were given has signed for its origin", async () => {
  await push(browser().keys, reminder("x"), reminder("y"));
  const [one, two] = service.got.map(({ headers }) => headers);
  const [, token = "", key = ""] = /^vapid t=([\w.-]+), ?k=([\w-]+)$/.exec(one?.get("authorization") ?? "") ?? [];
  const signer = createPushSigner(Buffer.alloc(32, 7).toString("base64url"), "mailto:bells@example.com");
  expect(key).toBe(signer.publicKey);
  const [head = "", claims = "", signature = ""] = token.split(".");
  const point = Buffer.from(key, "base64url");
  const [x, y] = [point.subarray(1, 33).toString("base64url"), point.subarray(33).toString("base64url")];
  const publicKey = createPublicKey({ key: { kty: "EC", crv: "P-256", x, y }, format: "jwk" });
  const signed = Buffer.from(`${head}.${claims}`);
  const bytes = Buffer.from(signature, "base64url");
  expect(verify("sha256", signed, { key: publicKey, dsaEncoding: "ieee-p1363" }, bytes)).toBe(true);
  const said = JSON.parse(Buffer.from(claims, "base64url").toString());
  expect([said.aud, said.sub]).toEqual([service.origin, "mailto:bells@example.com"]);
  // A push that is sent again replaces itself, and no other.
  expect(one?.get("topic")).toMatch(/^[\w-]{32}$/);
  expect(one?.get("topic")).not.toBe(two?.get("topic") ?? null);
});

test.each([404, 410])("a subscription that the service answers with %d is gone", async (status) => {
  service.answers.push(status);
  expect(await push(browser().keys, reminder("x"))).toMatchObject([{ outcome: "gone", status_code: status }]);
});

test("what is no key stops the start", () => {
  for (const key of ["", "short", "a".repeat(44), Buffer.alloc(32).toString("base64url")])
    expect(() => createPushSigner(key, "mailto:bells@example.com")).toThrow("VAPID_PRIVATE_KEY is no key");
});
