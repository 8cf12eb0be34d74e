import { change } from "../change/change.ts";
import type { ApiDeps } from "../deps.ts";
import { recipientOf } from "./channel-row.ts";
import { removeChannel } from "./delete-channel.ts";
import { nothingOfErased } from "./note-sends.ts";

/** Ends the pushes of other users to the browser with this endpoint: its screen is not theirs any more. */
export async function endElsewhere(deps: ApiDeps, userId: string, endpoint: string): Promise<void> {
  const others = await deps.sql<{ user_id: string; id: string }[]>`
    select user_id, id from api.channels
    where kind = 'web_push' and recipient = ${recipientOf(deps, endpoint)} and user_id <> ${userId}`;
  for (const other of others) {
    const author = { userId: other.user_id, actor: "system" } as const;
    await change(deps, author, async (current) => removeChannel(current, other.id)).catch(nothingOfErased);
  }
}
