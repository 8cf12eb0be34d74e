import { zoneRelease } from "@carillon/calendar/zone";
import type { SignedIn } from "@carillon/contracts/http/auth";
import type { Tx } from "@carillon/kit/database";
import { Problem } from "@carillon/kit/service";
import type { ApiDeps } from "../../deps.ts";
import { takeAddress } from "../address/proof.ts";
import type { Arrival } from "../admission/admit.ts";
import { rememberAddress } from "../admission/known-address.ts";
import { openSession } from "../sessions/open-session.ts";
import { emailKeyOf, type UserRow, userColumns } from "../user.ts";
import { opensNothing } from "./ask.ts";
import { noAddress } from "./create-identity.ts";
import type { ProvenPerson, Provider } from "./provider.ts";

type Newcomer = { provider: Provider; person: ProvenPerson; timeZone: string };

/**
 * A new account without a password, whose address the provider has proven.
 * @throws Problem 403 without a proven address, 409 when another account has it: the two are connected only by a user signed in to that.
 */
export async function signUpByProvider(deps: ApiDeps, arrival: Arrival, newcomer: Newcomer): Promise<SignedIn> {
  const { provider, person, timeZone } = newcomer;
  const key = person.email === null ? null : emailKeyOf(person.email);
  if (person.email === null || key === null) throw noAddress(provider);
  const { email } = person;
  const userId = deps.newId();
  const now = deps.clock.now();
  return deps.sql.begin(async (tx) => {
    if (!(await takeAddress({ tx, userId, now }, key))) throw taken(provider);
    const [user] = await tx<UserRow[]>`
      insert into api.users (id, email, email_key, email_verified_at, name, time_zone, days_zone, zone_release, language, created_at)
      values (${userId}, ${email}, ${key}, ${now}, ${person.name}, ${timeZone}, ${timeZone}, ${zoneRelease()},
        ${arrival.language}, ${now})
      on conflict (email_key) do nothing returning ${userColumns(tx)}`;
    if (!user) throw taken(provider);
    await identify(deps, { tx, userId, now }, newcomer);
    const { client, name } = arrival;
    await rememberAddress(deps, { tx, userId, now }, client.address);
    return openSession(deps, tx, user, { client: name, address: client.address, provenAt: person.authenticatedAt });
  });
}

async function identify(
  { newId }: ApiDeps,
  { tx, userId, now }: { tx: Tx; userId: string; now: Date },
  { provider, person }: Newcomer,
): Promise<void> {
  const made = await tx`
    insert into api.identities (user_id, id, issuer, subject, email, created_at, last_used_at)
    values (${userId}, ${newId()}, ${person.issuer}, ${person.subject}, ${person.email}, ${now}, ${now})
    on conflict (issuer, subject) do nothing`;
  // Another sign-in of the same person was faster.
  if (made.count === 0) throw opensNothing(provider);
}

const taken = ({ name }: Provider) =>
  new Problem(
    "conflict",
    `There is already an account with this e-mail address. Sign in to it, then connect ${name} in the settings.`,
  );
