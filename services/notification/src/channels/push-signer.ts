import { createECDH, createHash } from "node:crypto";
import type { ChannelAddress, Send } from "@carillon/contracts/http/channels";
import { ConfigError } from "@carillon/kit/config";
import webPush from "web-push";
import type { Message, Request } from "./message.ts";

/** The key of web pushes: browsers get its public half, and accept pushes that are signed with the other one (VAPID, RFC 8292). */
export type PushSigner = {
  publicKey: string;
  requestOf(channel: ChannelAddress, send: Send, message: Message): Request;
};

/** How long a push service keeps a message for a browser that is away: as long as a reminder is worth ringing. */
const keptSeconds = 24 * 3_600;
/** A message has one record of 4 096 bytes, its title has the larger part. */
const maxTitleLetters = 500;

/** `contact`: where a push service writes when something is wrong. @throws ConfigError for what is no key. */
export function createPushSigner(privateKey: string, contact: string): PushSigner {
  const publicKey = publicKeyOf(privateKey);
  return {
    publicKey,
    requestOf({ target, keys }, send, message) {
      if (!keys) throw new Error("the subscription has no keys");
      const { headers, body } = webPush.generateRequestDetails({ endpoint: target, keys }, payloadOf(send, message), {
        vapidDetails: { subject: contact, publicKey, privateKey },
        contentEncoding: "aes128gcm",
        TTL: keptSeconds,
        urgency: "high",
        // A message that is sent again replaces itself.
        topic: createHash("sha256").update(send.id).digest("base64url").slice(0, 32),
      });
      const named = Object.entries(headers).map(([name, value]) => [name.toLowerCase(), String(value)]);
      return { headers: Object.fromEntries(named), body: body ?? Buffer.alloc(0) };
    },
  };
}

/** What the pages' service worker shows (`web/public/worker.js`); without a task it is a test. */
const payloadOf = (send: Send, { title, text }: Message): string =>
  JSON.stringify({
    title: [...title.toWellFormed()].slice(0, maxTitleLetters).join(""),
    text,
    tag: send.id,
    task: send.content.about === "reminder" ? send.content.reminder.task_id : null,
  });

function publicKeyOf(privateKey: string): string {
  try {
    const bytes = Buffer.from(privateKey, "base64url");
    if (bytes.length !== 32) throw new Error("not 32 bytes");
    const pair = createECDH("prime256v1");
    pair.setPrivateKey(bytes);
    return pair.getPublicKey().toString("base64url");
  } catch {
    throw new ConfigError('VAPID_PRIVATE_KEY is no key; make one with "npx web-push generate-vapid-keys".');
  }
}

/** Push services ask for an https address or a mailbox. */
const contactOf = (publicUrl: URL, mailFrom: string | null): string => {
  if (publicUrl.protocol === "https:") return publicUrl.origin;
  const address = /<([^<>]+)>/.exec(mailFrom ?? "")?.[1] ?? mailFrom ?? "bells@carillon.invalid";
  return `mailto:${address}`;
};

/** The signer of these settings; null without a key. */
export const pushSignerOf = (config: {
  VAPID_PRIVATE_KEY: string | null;
  MAIL_FROM: string | null;
  PUBLIC_URL: URL;
}): PushSigner | null =>
  config.VAPID_PRIVATE_KEY === null
    ? null
    : createPushSigner(config.VAPID_PRIVATE_KEY, contactOf(config.PUBLIC_URL, config.MAIL_FROM));
