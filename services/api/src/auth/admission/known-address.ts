import { clientBucket } from "@carillon/kit/service";
import type { Change } from "../../change/change.ts";
import type { ApiDeps } from "../../deps.ts";

/** Addresses remembered per account, the most recently used ones. */
const maxAddresses = 20;

/** An address counts as known for this long after its last sign-in. */
export const knownDays = 90;

/** Queried when there is no account, so that both cases take the same time. */
const noUser = "00000000-0000-0000-0000-000000000000";

/** True when this account was signed in to from this address within the last 90 days. */
export async function isKnownAddress(deps: ApiDeps, userId: string | null, address: string | null): Promise<boolean> {
  if (address === null) return false;
  const { sql, clock } = deps;
  const found = await sql`
    select from api.known_clients where user_id = ${userId ?? noUser} and client = ${hashOf(deps, address)}
      and last_seen_at > ${clock.now()}::timestamptz - make_interval(days => ${knownDays})`;
  return found.count > 0;
}

/** Stores, hashed, that the account was signed in to from this address. */
export async function rememberAddress(
  deps: ApiDeps,
  { tx, userId, now }: Pick<Change, "tx" | "userId" | "now">,
  address: string | null,
): Promise<void> {
  if (address === null) return;
  await tx`
    insert into api.known_clients (user_id, client, last_seen_at) values (${userId}, ${hashOf(deps, address)}, ${now})
    on conflict (user_id, client) do update set last_seen_at = excluded.last_seen_at`;
  await tx`
    delete from api.known_clients where user_id = ${userId} and client in (
      select client from api.known_clients where user_id = ${userId}
      order by last_seen_at desc, client offset ${maxAddresses})`;
}

const hashOf = ({ seals }: ApiDeps, address: string): Buffer =>
  Buffer.from(seals.digest(`known address ${clientBucket(address)}`));
