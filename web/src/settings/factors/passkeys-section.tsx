import type { Passkey } from "@carillon/contracts/http/passkeys";
import type { Visit } from "../../door/visit.ts";
import { momentText } from "../../time.ts";
import { type FieldErrors, TextField } from "../../ui/field.tsx";
import { Html } from "../../ui/html.ts";
import { Section } from "../section.tsx";

type Props = { visit: Visit; passkeys: readonly Passkey[]; errors: FieldErrors };

/** The passkeys of the account, and the form for another one. */
export const PasskeysSection = ({ visit, passkeys, errors }: Props) => (
  <Section
    id="passkeys"
    title="Passkeys"
    lead="Sign in with your fingerprint, your face or the PIN of a device, without a password or a code."
  >
    {passkeys.length > 0 ? (
      <ul class="tokens">
        {passkeys.map((passkey) => (
          <PasskeyRow passkey={passkey} visit={visit} />
        ))}
      </ul>
    ) : (
      <p class="quiet">You have no passkeys.</p>
    )}
    <form class="form" method="post" action="/settings/passkeys/start#passkeys" aria-label="Make a passkey">
      <TextField
        name="passkey_name"
        label="Name of the new passkey"
        error={errors.passkey_name ?? errors[""]}
        hint="What you will know the device by, such as “My phone”."
        maxlength={100}
        optional
      />
      <p class="form-end">
        <button type="submit" class="button">
          Make a passkey
        </button>
      </p>
    </form>
  </Section>
);

const PasskeyRow = ({ passkey, visit }: { passkey: Passkey; visit: Visit }) => {
  const moment = (at: string) => momentText(at, visit.now, visit.user);
  const used = passkey.last_used_at === null ? "not used yet" : `last used ${moment(passkey.last_used_at)}`;
  return (
    <li class="token">
      <p class="token-text">
        <strong safe>{passkey.name}</strong>
        <span class="quiet" safe>
          {`${used}; made ${moment(passkey.created_at)}`}
        </span>
      </p>
      <form method="post" action={`/settings/passkeys/${passkey.id}/remove`}>
        <input type="hidden" name="name" value={passkey.name} />
        <button type="submit" class="button button-small button-danger" aria-label={`Remove “${passkey.name}”`}>
          Remove
        </button>
      </form>
    </li>
  );
};
