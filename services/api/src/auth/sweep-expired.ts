import { rememberedHours } from "../change/idempotency.ts";
import type { ApiDeps } from "../deps.ts";
import { forgetGrants } from "../mail/index.ts";
import { knownDays } from "./admission/known-address.ts";

/** Maximum rows of each kind per sweep: transactions stay short, whatever has accumulated. */
const atOnce = 20_000;

/** Longer than it holds: a yes that is too late hears that it is too late. */
const keptProposalHours = 24;

/** A way back that notification did not ask for within this time is not mailed any more. */
const forgottenHours = 1;

/** How many rows of each kind were deleted. */
export type Swept = {
  sessions: number;
  tokens: number;
  idempotencyKeys: number;
  rateLimits: number;
  passwordTries: number;
  knownClients: number;
  proposals: number;
  letters: number;
  forgotten: number;
  challenges: number;
  mailGrants: number;
};

/**
 * Deletes expired rows, which have no effect any more. Any replica may do this at any time; rows in
 * use are left for the next sweep. Streams of an expired credential end by themselves, because
 * realtime knows the instant.
 */
export async function sweepExpired(deps: ApiDeps): Promise<Swept> {
  const { sql, clock } = deps;
  const now = clock.now();
  const sessions = await sql`
    delete from api.sessions where (user_id, id) in (
      select user_id, id from api.sessions where expires_at <= ${now} limit ${atOnce} for update skip locked)`;
  const tokens = await sql`
    delete from api.tokens where (user_id, id) in (
      select user_id, id from api.tokens where expires_at <= ${now} limit ${atOnce} for update skip locked)`;
  const keys = await sql`
    delete from api.idempotency_keys where (user_id, key) in (
      select user_id, key from api.idempotency_keys
      where created_at <= ${now}::timestamptz - make_interval(hours => ${rememberedHours}) limit ${atOnce} for update skip locked)`;
  const limits = await sql`
    delete from api.rate_limits where key in (
      select key from api.rate_limits where empty_at <= ${now} limit ${atOnce} for update skip locked)`;
  const tries = await sql`
    delete from api.password_tries where key in (
      select key from api.password_tries where forgotten_at <= ${now} limit ${atOnce} for update skip locked)`;
  const clients = await sql`
    delete from api.known_clients where (user_id, client) in (
      select user_id, client from api.known_clients
      where last_seen_at <= ${now}::timestamptz - make_interval(days => ${knownDays}) limit ${atOnce} for update skip locked)`;
  const proposals = await sql`
    delete from api.proposals where (user_id, id) in (
      select user_id, id from api.proposals
      where expires_at <= ${now}::timestamptz - make_interval(hours => ${keptProposalHours}) limit ${atOnce} for update skip locked)`;
  const letters = await sql`
    delete from api.letters where (user_id, id) in (
      select user_id, id from api.letters where expires_at <= ${now} limit ${atOnce} for update skip locked)`;
  const forgotten = await sql`
    delete from api.forgotten where id in (
      select id from api.forgotten where created_at <= ${now}::timestamptz - make_interval(hours => ${forgottenHours})
      limit ${atOnce} for update skip locked)`;
  const challenges = await sql`
    delete from api.challenges where (user_id, id) in (
      select user_id, id from api.challenges where expires_at <= ${now} limit ${atOnce} for update skip locked)`;
  const starts = await sql`
    delete from api.passkey_starts where user_id in (
      select user_id from api.passkey_starts where expires_at <= ${now} limit ${atOnce} for update skip locked)`;
  const passkeys = await sql`
    delete from api.passkey_sign_ins where challenge_hash in (
      select challenge_hash from api.passkey_sign_ins where expires_at <= ${now} limit ${atOnce} for update skip locked)`;
  const flows = await sql`
    delete from api.provider_flows where flow_hash in (
      select flow_hash from api.provider_flows where expires_at <= ${now} limit ${atOnce} for update skip locked)`;
  return {
    sessions: sessions.count,
    tokens: tokens.count,
    idempotencyKeys: keys.count,
    rateLimits: limits.count,
    passwordTries: tries.count,
    knownClients: clients.count,
    proposals: proposals.count,
    letters: letters.count,
    forgotten: forgotten.count,
    challenges: challenges.count + starts.count + passkeys.count + flows.count,
    mailGrants: await forgetGrants(deps),
  };
}
