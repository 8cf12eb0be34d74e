import type { CreatedToken, Token } from "@carillon/contracts/http/auth";
import type { Visit } from "../door/visit.ts";
import { momentText } from "../time.ts";
import { type FieldErrors, SelectField, TextField } from "../ui/field.tsx";
import { Html } from "../ui/html.ts";
import { Said } from "../ui/said.tsx";

export type NewTokenValues = { token_name: string; scope: string; expires_day: string };

const scopes: { value: Token["scope"]; label: string }[] = [
  { value: "read", label: "Read everything" },
  { value: "write", label: "Read and write everything" },
  { value: "tasks:read", label: "Read tasks" },
  { value: "tasks:write", label: "Read and write tasks" },
  { value: "audit:read", label: "Read the history" },
  { value: "export", label: "Export" },
];

const scopeWords: Record<Token["scope"], string> = {
  read: "reads everything",
  write: "reads and writes everything",
  "tasks:read": "reads tasks",
  "tasks:write": "reads and writes tasks",
  "audit:read": "reads the history",
  export: "exports",
};

type Props = {
  visit: Visit;
  tokens: readonly Token[];
  created: CreatedToken | undefined;
  typed: NewTokenValues | undefined;
  errors: FieldErrors;
};

/** The existing tokens, the one just created (shown this once), and the form for a new one. */
export const TokensSection = ({ visit, tokens, created, typed, errors }: Props) => (
  <>
    {created ? <NewToken token={created} /> : null}
    {tokens.length > 0 ? (
      <ul class="tokens">
        {tokens.map((token) => (
          <TokenRow token={token} visit={visit} />
        ))}
      </ul>
    ) : (
      <p class="quiet">You have no access tokens.</p>
    )}
    <form class="form token-form" method="post" action="/settings/tokens#tokens" aria-label="Create an access token">
      <input type="hidden" name="key" value={visit.newKey()} autocomplete="off" />
      <div class="field-row">
        <TextField
          name="token_name"
          label="Name of the new token"
          value={typed?.token_name ?? ""}
          error={errors.token_name ?? errors[""]}
          maxlength={100}
          required
        />
        <SelectField name="scope" label="Access" value={typed?.scope ?? "read"} choices={scopes} error={errors.scope} />
        <TextField
          name="expires_day"
          type="date"
          label="Valid until"
          value={typed?.expires_day ?? ""}
          error={errors.expires_day}
          hint="A year at most."
          optional
        />
      </div>
      <p class="form-end">
        <button type="submit" class="button">
          Create token
        </button>
      </p>
    </form>
  </>
);

const NewToken = ({ token }: { token: CreatedToken }) => (
  <div class="notice notice-good" role="status">
    <p class="notice-title">
      <Said text={`The token “${token.name}” is ready.`} /> Copy it now: it is shown this once.
    </p>
    <code class="secret" tabindex="0" safe>
      {token.token}
    </code>
  </div>
);

const TokenRow = ({ token, visit }: { token: Token; visit: Visit }) => {
  const moment = (at: string) => momentText(at, visit.now, visit.user);
  return (
    <li class="token">
      <p class="token-text">
        <strong dir="auto" safe>
          {token.name}
        </strong>
        <span class="quiet" safe>
          {[
            scopeWords[token.scope],
            token.last_used_at === null ? "not used yet" : `last used ${moment(token.last_used_at)}`,
            `until ${moment(token.expires_at)}`,
          ].join("; ")}
        </span>
      </p>
      <form method="post" action={`/settings/tokens/${token.id}/revoke`}>
        <input type="hidden" name="name" value={token.name} />
        <button type="submit" class="button button-small button-danger" aria-label={`Revoke “${token.name}”`}>
          Revoke
        </button>
      </form>
    </li>
  );
};
