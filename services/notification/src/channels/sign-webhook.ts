import { createHmac } from "node:crypto";
import type { Request } from "./message.ts";

/** A webhook's request, signed with each of its secrets (Standard Webhooks 1.0): the same id for every attempt. */
export function webhookRequest(
  body: string,
  { id, secrets, now }: { id: string; secrets: readonly string[]; now: Date },
): Request {
  const timestamp = String(Math.floor(now.getTime() / 1_000));
  const signed = secrets.map((secret) => {
    const key = Buffer.from(secret.replace(/^whsec_/, ""), "base64");
    return `v1,${createHmac("sha256", key).update(`${id}.${timestamp}.${body}`).digest("base64")}`;
  });
  return {
    headers: {
      "content-type": "application/json",
      "webhook-id": id,
      "webhook-timestamp": timestamp,
      "webhook-signature": signed.join(" "),
    },
    body,
  };
}
