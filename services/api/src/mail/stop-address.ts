import type { Db } from "@carillon/kit/database";
import type { ApiDeps } from "../deps.ts";
import { recipientOf } from "./recipient.ts";

export type StopReason = "bounced" | "complained";

/** Sends nothing more to these addresses, until a link that was mailed there is opened. A complaint counts more than a bounce. */
export async function stopAddresses(deps: ApiDeps, emails: readonly string[], reason: StopReason): Promise<void> {
  const { sql, clock } = deps;
  for (const email of emails)
    await sql`
      insert into api.stopped_addresses as known (recipient, reason, created_at)
      values (${recipientOf(deps, email)}, ${reason}, ${clock.now()})
      on conflict (recipient) do update set reason = excluded.reason, created_at = excluded.created_at
      where known.reason = 'bounced' and excluded.reason = 'complained'`;
}

/** Mail reached the address after all: its owner opened a link. */
export async function letAddressGoOn(deps: Pick<ApiDeps, "seals">, db: Db, email: string): Promise<void> {
  await db`delete from api.stopped_addresses where recipient = ${recipientOf(deps, email)}`;
}

/** Why nothing is sent to an address, and since when; null when mail goes there. */
export async function stopOf(
  deps: Pick<ApiDeps, "seals">,
  db: Db,
  email: string,
): Promise<{ reason: StopReason; created_at: Date } | null> {
  const [stop] = await db<{ reason: StopReason; created_at: Date }[]>`
    select reason, created_at from api.stopped_addresses where recipient = ${recipientOf(deps, email)}`;
  return stop ?? null;
}
