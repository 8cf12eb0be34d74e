import { randomBytes } from "node:crypto";
import {
  type CreatedChannel,
  CreatedChannel as CreatedChannelSchema,
  maxChannels,
  NewChannel,
} from "@carillon/contracts/http/channels";
import { answer, describe, readBody } from "@carillon/kit/http";
import { invalid, Problem } from "@carillon/kit/service";
import { Elysia } from "elysia";
import { personOf } from "../auth/caller.ts";
import { requireRecentProof } from "../auth/index.ts";
import type { Change } from "../change/change.ts";
import { answerOnce } from "../change/idempotency.ts";
import { readInput } from "../change/read-input.ts";
import type { ApiDeps } from "../deps.ts";
import { recipientOf, type Sealed, sealOf, toChannel } from "./channel-row.ts";
import { countHooks } from "./count-hooks.ts";
import { endElsewhere } from "./end-elsewhere.ts";
import { mailChannel, switchMail } from "./mail-channel.ts";

export const createChannelRoute = (deps: ApiDeps) =>
  new Elysia().post(
    "/api/channels",
    async ({ request }) => {
      const person = personOf(request);
      const body = await readInput(request, () => readBody(request, NewChannel));
      const given = readTarget(body);
      // It hears what its owner writes: as much as an access token reads.
      if (body.kind === "webhook") requireRecentProof(deps, person);
      const response = await answerOnce(
        deps,
        request,
        body,
        async (change) => answer(201, await createChannel(deps, change, body, given)),
        body.kind === "webhook"
          ? { shownOnce: "This webhook was already created and its secret is shown only once. Rotate the secret." }
          : {},
      );
      // The browser belongs to the user who sits before it now, also where the session of another one has run out.
      if (body.kind === "web_push" && given !== null && response.ok)
        await endElsewhere(deps, person.userId, given.target);
      return response;
    },
    {
      parse: "none",
      detail: describe({
        summary: "Add a channel: each reminder goes to each of them, once",
        description:
          "`email` switches mail on. `ntfy` (also UnifiedPush) and `webhook` need a target, `web_push` the subscription's endpoint as target, and its keys. A webhook asks for a recent proof (403 proof_required, then POST /api/auth/proof), its secret is shown this once, and it is signed as Standard Webhooks are.",
        tag: "Channels",
        body: NewChannel,
        answers: { 201: CreatedChannelSchema },
        errors: [403, 409],
        headers: { "Idempotency-Key": "A repeat creates no second channel, for 24 h." },
      }),
    },
  );

/** What is sealed in the row; null for mail. @throws Problem 422 for what does not fit the kind. */
function readTarget({ kind, target, token, keys, events }: NewChannel): Sealed | null {
  const wrong = (pointer: string, detail: string) => invalid({ pointer, detail });
  const surplus = Object.entries({
    target: kind === "email" && target !== undefined,
    token: kind !== "ntfy" && token !== undefined,
    keys: kind !== "web_push" && keys !== undefined,
    events: kind !== "webhook" && events !== undefined,
  }).find(([, isWrong]) => isWrong);
  if (surplus) throw wrong(`/${surplus[0]}`, `does not go with ${kind}`);
  if (kind === "email") return null;
  if (target === undefined) throw wrong("/target", "is missing");
  const url = URL.canParse(target) ? new URL(target) : null;
  if (!url || !["https:", "http:"].includes(url.protocol) || url.hash !== "")
    throw wrong("/target", "must be an https address");
  if (url.username !== "" || url.password !== "") throw wrong("/target", "must not hold a name or password");
  if (kind === "ntfy" && url.pathname === "/")
    throw wrong("/target", "must name the topic, as in https://ntfy.sh/topic");
  if (kind !== "web_push") return { target: url.href, ...(token === undefined ? {} : { token }) };
  if (keys === undefined) throw wrong("/keys", "is missing");
  return { target: url.href, keys };
}

/** The new channel. The same target again is the same channel. @throws Problem 409 beyond the maximum. */
async function createChannel(
  deps: ApiDeps,
  change: Change,
  { kind, name, events = ["reminder.due"] }: NewChannel,
  given: Sealed | null,
): Promise<CreatedChannel> {
  const { tx, userId, now } = change;
  if (given === null || kind === "email") {
    await switchMail(tx, userId, true);
    return mailChannel(tx, userId);
  }
  const recipient = recipientOf(deps, given.target);
  const [count] = await tx<{ others: number; same: number }[]>`
    select count(*) filter (where not same)::int4 as others, count(*) filter (where same)::int4 as same
    from (select kind = ${kind} and recipient = ${recipient} as same from api.channels where user_id = ${userId}) known`;
  if (count && count.others >= maxChannels)
    throw new Problem("conflict", `There may be at most ${maxChannels} channels; remove some first.`);
  if (count && count.same > 0 && kind !== "web_push")
    throw new Problem("conflict", "There is a channel with this address already.");
  const sealed: Sealed = kind === "webhook" ? { ...given, secrets: [newSecret()] } : given;
  const heard = kind === "webhook" ? events : [];
  const rings = kind !== "webhook" || heard.includes("reminder.due");
  const [row] = await tx<[Parameters<typeof toChannel>[1]]>`
    insert into api.channels as known (user_id, id, kind, name, sealed, recipient, events, rings, created_at)
    values (${userId}, ${change.newId()}, ${kind}, ${name ?? new URL(given.target).host}, ${sealOf(deps, userId, sealed)},
      ${recipient}, ${heard}, ${rings}, ${now})
    on conflict (user_id, kind, recipient) do update set sealed = excluded.sealed, name = excluded.name
    returning user_id, id, kind, name, sealed, events, created_at`;
  await countHooks(tx, userId);
  const [secret] = sealed.secrets ?? [];
  return { ...toChannel(deps, row), ...(secret === undefined ? {} : { secret }) };
}

/** A webhook's secret as Standard Webhooks write it. */
export const newSecret = (): string => `whsec_${randomBytes(24).toString("base64")}`;
