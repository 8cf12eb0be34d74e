import { createHmac, timingSafeEqual } from "node:crypto";
import { mailAddress } from "@carillon/contracts/http/email";
import { answer, bodyLimitBytes, describe, readBytes, requireNoQuery, toResponse } from "@carillon/kit/http";
import { notFound, Problem } from "@carillon/kit/service";
import { type Static, Type } from "@sinclair/typebox";
import { Value } from "@sinclair/typebox/value";
import { Elysia } from "elysia";
import type { ApiDeps } from "../deps.ts";
import { type StopReason, stopAddresses } from "./stop-address.ts";

export const resendWebhookRoute = (deps: ApiDeps) =>
  new Elysia().post(
    "/api/webhooks/resend",
    async ({ request }) => {
      const secret = deps.settings.resendWebhookSecret ?? null;
      // Without a secret there is nothing to check a caller by.
      if (secret === null) throw notFound();
      requireNoQuery(request);
      const body = new TextDecoder().decode(await readBytes(request, bodyLimitBytes));
      requireSignature(request, body, { secret, now: deps.clock.now() });
      await noteEvent(deps, body);
      return toResponse(answer(204));
    },
    {
      parse: "none",
      detail: describe({
        summary: "For Resend: bounces and complaints",
        description:
          "Signed as Standard Webhooks are (`svix-id`, `svix-timestamp`, `svix-signature`) with RESEND_WEBHOOK_SECRET; 404 where that is not set. A permanent bounce and a complaint stop mail to the address.",
        tag: "Accounts",
        answers: { 204: "Noted" },
        errors: [401, 404],
        auth: false,
      }),
    },
  );

/** A call is as old as this at most, so that a recorded one cannot be sent again later. */
const maxAgeMs = 5 * 60_000;

/** @throws Problem 401 for a call that Resend did not sign lately. */
function requireSignature(request: Request, body: string, { secret, now }: { secret: string; now: Date }): void {
  const header = (name: string): string => request.headers.get(`svix-${name}`) ?? "";
  const [id, timestamp] = [header("id"), header("timestamp")];
  const key = Buffer.from(secret.replace(/^whsec_/, ""), "base64");
  const wanted = createHmac("sha256", key).update(`${id}.${timestamp}.${body}`).digest();
  const isSigned = header("signature")
    .split(" ")
    .some((one) => {
      const given = Buffer.from(one.replace(/^v1,/, ""), "base64");
      return one.startsWith("v1,") && given.length === wanted.length && timingSafeEqual(given, wanted);
    });
  const ageMs = Math.abs(now.getTime() - Number(timestamp || Number.NaN) * 1_000);
  if (id === "" || !isSigned || !(ageMs <= maxAgeMs))
    throw new Problem("unauthenticated", "The signature is wrong or too old.", {
      headers: { "www-authenticate": "Svix" },
    });
}

/** The parts of an event that matter here; anything else is left alone. */
const Event = Type.Object({
  type: Type.String(),
  data: Type.Object({
    to: Type.Array(Type.String({ maxLength: 1_000 }), { maxItems: 100 }),
    bounce: Type.Optional(Type.Object({ type: Type.Optional(Type.String()) })),
  }),
});

async function noteEvent(deps: ApiDeps, body: string): Promise<void> {
  const event = read(body);
  const reason = event && reasonOf(event);
  if (!reason) return;
  const emails = event.data.to.flatMap((to) => mailAddress(/<([^<>]*)>\s*$/.exec(to)?.[1] ?? to) ?? []);
  await stopAddresses(deps, emails, reason);
  deps.log.warn("mail stopped", { reason, addresses: emails.length });
}

function read(body: string): Static<typeof Event> | null {
  try {
    const event: unknown = JSON.parse(body);
    return Value.Check(Event, event) ? event : null;
  } catch {
    return null;
  }
}

function reasonOf({ type, data }: Static<typeof Event>): StopReason | null {
  if (type === "email.complained") return "complained";
  const isForGood = (data.bounce?.type ?? "Permanent") === "Permanent";
  return type === "email.bounced" && isForGood ? "bounced" : null;
}
