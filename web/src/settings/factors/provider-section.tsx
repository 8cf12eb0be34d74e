import type { Identity } from "@carillon/contracts/http/identities";
import type { Visit } from "../../door/visit.ts";
import { momentText } from "../../time.ts";
import { Html } from "../../ui/html.ts";
import { Section } from "../section.tsx";

type Props = { visit: Visit; provider: string | null; identities: readonly Identity[] };

/** Accounts at the sign-in provider that open this one; nothing where there is no provider and never was. */
export const ProviderSection = ({ visit, provider, identities }: Props) =>
  provider === null && identities.length === 0 ? (
    ""
  ) : (
    <Section
      id="provider"
      title="Sign-in with another account"
      lead="Sign in with the account you have elsewhere, instead of a password."
    >
      {identities.length > 0 ? (
        <ul class="tokens">
          {identities.map((identity) => (
            <IdentityRow identity={identity} visit={visit} />
          ))}
        </ul>
      ) : (
        <p class="quiet">No other account is connected.</p>
      )}
      {provider === null ? null : <Connect provider={provider} isProven={visit.user.email_verified} />}
    </Section>
  );

const Connect = ({ provider, isProven }: { provider: string; isProven: boolean }) =>
  isProven ? (
    <form method="post" action="/settings/provider">
      <p class="form-end">
        <button type="submit" class="button" safe>
          {`Connect ${provider}`}
        </button>
      </p>
    </form>
  ) : (
    <p class="quiet" safe>
      {`Confirm your e-mail address above to connect ${provider}.`}
    </p>
  );

const IdentityRow = ({ identity, visit }: { identity: Identity; visit: Visit }) => {
  const moment = (at: string) => momentText(at, visit.now, visit.user);
  const used = identity.last_used_at === null ? "not used yet" : `last used ${moment(identity.last_used_at)}`;
  const name = identity.email === null ? identity.provider : `${identity.provider}, ${identity.email}`;
  return (
    <li class="token">
      <p class="token-text">
        <strong safe>{name}</strong>
        <span class="quiet" safe>
          {`${used}; connected ${moment(identity.created_at)}`}
        </span>
      </p>
      <form method="post" action={`/settings/provider/${identity.id}/remove`}>
        <input type="hidden" name="name" value={identity.provider} />
        <button type="submit" class="button button-small button-danger" aria-label={`Disconnect ${name}`}>
          Disconnect
        </button>
      </form>
    </li>
  );
};
