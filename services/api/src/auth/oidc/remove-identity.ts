import { answer, describe, isUuid, requireNoQuery, toResponse } from "@carillon/kit/http";
import { notFound } from "@carillon/kit/service";
import { Elysia } from "elysia";
import { type Change, change } from "../../change/change.ts";
import type { ApiDeps } from "../../deps.ts";
import { personOf } from "../caller.ts";
import { endWhatWasBefore } from "../factors/factor-changed.ts";
import { requireWayIn } from "../last-way-in.ts";
import { requireRecentProof } from "../proof/recent-proof.ts";
import { logged } from "../security-log.ts";

export const removeIdentityRoute = (deps: ApiDeps) =>
  new Elysia().delete(
    "/api/identities/:id",
    async ({ request, params }) => {
      const person = personOf(request);
      const { userId, credentialId } = person;
      await logged(deps, request, { event: "provider removal", subject: { user_id: userId } }, async () => {
        requireRecentProof(deps, person);
        await change(deps, { userId, actor: "user" }, async (current) => {
          await removeIdentity(current, params.id, credentialId);
          // After it was found: what is not there is 404, whatever else is wrong.
          requireNoQuery(request);
        });
      });
      return toResponse(answer(204));
    },
    {
      parse: "none",
      detail: describe({
        summary: "Disconnect an account at the OpenID provider: it opens nothing any more; ends every other session",
        tag: "Second factors",
        params: { id: "The identity's id" },
        answers: { 204: "Removed" },
        errors: [409, 422],
      }),
    },
  );

/** @throws Problem 404 when the user has none of that id, 409 when it is the only way in. */
async function removeIdentity(change: Change, id: string, keep: string): Promise<void> {
  const { tx, userId } = change;
  if (!isUuid(id)) throw notFound();
  const removed = await tx`delete from api.identities where user_id = ${userId} and id = ${id}`;
  if (removed.count === 0) throw notFound();
  await requireWayIn(change);
  await endWhatWasBefore(change, { keep });
}
