import { Unsubscribe } from "@carillon/contracts/http/reminders";
import { answer, isUuid, readBody, toResponse } from "@carillon/kit/http";
import { type InternalRoute, notFound, Problem } from "@carillon/kit/service";
import type { ApiDeps } from "../deps.ts";

/** For web: switch off the mail of the user this link was made for. */
export const unsubscribeRoute = (deps: ApiDeps): InternalRoute => ({
  method: "POST",
  path: "/internal/unsubscribe",
  callers: ["web"],
  handle: async ({ request }) => {
    const { token } = await readBody(request, Unsubscribe);
    await unsubscribe(deps, token);
    return toResponse(answer(204));
  },
});

const purpose = "unsubscribe";

/** The last part of a mail's unsubscribe link: it names its user, cannot be forged, and does nothing else. */
export const unsubscribeToken = (seals: ApiDeps["seals"], userId: string): string => seals.sealCursor(purpose, userId);

/** Switches mail off for the token's user. @throws Problem 404 for an invalid token. */
export async function unsubscribe({ sql, seals }: ApiDeps, token: string): Promise<void> {
  const userId = ownerOf(seals, token);
  const done = await sql`update api.users set notify_by_email = false where id = ${userId}`;
  if (done.count === 0) throw notFound();
}

function ownerOf(seals: ApiDeps["seals"], token: string): string {
  try {
    const userId = seals.openCursor<string>(purpose, token);
    if (isUuid(userId)) return userId;
  } catch (error) {
    if (!(error instanceof Problem)) throw error;
  }
  throw notFound();
}
