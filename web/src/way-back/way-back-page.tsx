import type { Preferences } from "../door/cookies.ts";
import { Porch } from "../layout.tsx";
import { ErrorSummary, type FieldErrors, TextField } from "../ui/field.tsx";
import { Html } from "../ui/html.ts";

type Props = { errors: FieldErrors; preferences: Preferences };

export const ForgotPage = ({ email, errors, preferences }: Props & { email: string }) => (
  <Porch title="Forgotten your password?" preferences={preferences}>
    <h1>Forgotten your password?</h1>
    <p class="porch-lead">Say which account it is, and a mail brings a link that sets a new one.</p>
    <form class="porch-form" method="post" action="/forgot">
      <ErrorSummary errors={errors} labels={{ email: "E-mail" }} />
      <TextField
        name="email"
        type="email"
        label="E-mail"
        value={email}
        error={errors.email}
        autocomplete="username"
        required
      />
      <button type="submit" class="button button-primary button-wide">
        Send the link
      </button>
    </form>
    <BackToSignIn />
  </Porch>
);

export const AskedPage = ({ preferences }: { preferences: Preferences }) => (
  <Porch title="Look into your mail" preferences={preferences}>
    <h1>Look into your mail</h1>
    <p class="porch-lead">
      If there is an account with this address, a link is on its way to it. It holds for an hour and works once.
    </p>
    <BackToSignIn />
  </Porch>
);

export const ResetPage = ({ path, errors, preferences }: Props & { path: string }) => (
  <Porch title="Set a new password" preferences={preferences}>
    <h1>Set a new password</h1>
    <p class="porch-lead">All sessions and access tokens of the account end with the old one.</p>
    <form class="porch-form" method="post" action={path}>
      <ErrorSummary errors={errors} labels={{ new_password: "New password" }} />
      <TextField
        name="new_password"
        type="password"
        label="New password"
        error={errors.new_password}
        hint="At least 8 characters. A short sentence is easy to remember."
        autocomplete="new-password"
        minlength={8}
        required
      />
      <button type="submit" class="button button-primary button-wide">
        Set the password
      </button>
    </form>
  </Porch>
);

export const LinkIsOverPage = ({ preferences }: { preferences: Preferences }) => (
  <Porch title="This link is over" preferences={preferences}>
    <h1>This link is over</h1>
    <p class="porch-lead">It was used already, is older than an hour, or is not complete. Nothing was changed.</p>
    <p class="porch-other">
      <a href="/forgot">Ask for a new link</a>
    </p>
    <BackToSignIn />
  </Porch>
);

const BackToSignIn = () => (
  <p class="porch-other">
    <a href="/sign-in">Back to signing in</a>
  </p>
);
