import { RotatedSecret } from "@carillon/contracts/http/channels";
import { answer, describe, isUuid, requireNoQuery, toResponse } from "@carillon/kit/http";
import { notFound, Problem } from "@carillon/kit/service";
import { Elysia } from "elysia";
import { personOf } from "../auth/caller.ts";
import { requireRecentProof } from "../auth/index.ts";
import { type Change, change } from "../change/change.ts";
import type { ApiDeps } from "../deps.ts";
import { type ChannelRow, openRow, sealOf } from "./channel-row.ts";
import { newSecret } from "./create-channel.ts";

/** How long a receiver may go on with the secret before. */
const previousHours = 24;

export const rotateSecretRoute = (deps: ApiDeps) =>
  new Elysia().post(
    "/api/channels/:id/secret",
    async ({ request, params }) => {
      const person = personOf(request);
      const { userId } = person;
      if (!isUuid(params.id)) throw notFound();
      const rotated = await change(deps, { userId, actor: "user" }, async (current) => {
        const row = await webhookOf(current, params.id);
        // After the channel was found: a missing one is 404, whatever else is wrong.
        requireRecentProof(deps, person);
        requireNoQuery(request);
        return rotate(deps, current, row);
      });
      return toResponse(answer(200, rotated));
    },
    {
      parse: "none",
      detail: describe({
        summary: "Give a webhook a new secret; the old one stays valid beside it for 24 hours",
        description: "Asks for a recent proof: 403 proof_required, then POST /api/auth/proof.",
        tag: "Channels",
        params: { id: "The webhook's id" },
        answers: { 200: RotatedSecret },
        errors: [403, 409, 422],
      }),
    },
  );

/** @throws Problem 404 for no channel of the user, 409 for one that has no secret. */
async function webhookOf({ tx, userId }: Change, id: string): Promise<ChannelRow> {
  const [row] = await tx<ChannelRow[]>`
    select user_id, id, kind, name, sealed, events, created_at from api.channels where user_id = ${userId} and id = ${id}`;
  if (!row) throw notFound();
  if (row.kind !== "webhook") throw new Problem("conflict", "Only a webhook has a secret.");
  return row;
}

async function rotate(deps: ApiDeps, { tx, userId, now }: Change, row: ChannelRow): Promise<RotatedSecret> {
  const known = openRow(deps, row);
  if (!known) throw new Problem("conflict", "This webhook can no longer be read; remove it and add it again.");
  const secret = newSecret();
  const previousUntil = new Date(now.getTime() + previousHours * 3_600_000).toISOString();
  const sealed = { ...known, secrets: [secret, ...(known.secrets ?? []).slice(0, 1)], previousUntil };
  await tx`
    update api.channels set sealed = ${sealOf(deps, userId, sealed)} where user_id = ${userId} and id = ${row.id}`;
  return { secret, previous_until: previousUntil };
}
