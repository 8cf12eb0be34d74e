import { type FieldErrors, TextField } from "../ui/field.tsx";
import { Html } from "../ui/html.ts";
import { FormEnd, FormError } from "./form-parts.tsx";
import { Section } from "./section.tsx";

type Props = { hasPassword: boolean; errors: FieldErrors };

export const PasswordSection = ({ hasPassword, errors }: Props) =>
  hasPassword ? <ChangePassword errors={errors} /> : <FirstPassword />;

const FirstPassword = () => (
  <Section id="password" title="Password" lead="You have none, and need none to sign in.">
    <form class="form" method="post" action="/settings/password/link#password">
      <p>A link in a mail sets one. It signs you out everywhere and ends all access tokens.</p>
      <p class="form-end">
        <button type="submit" class="button">
          Send me the link
        </button>
      </p>
    </form>
  </Section>
);

const ChangePassword = ({ errors }: { errors: FieldErrors }) => (
  <Section id="password" title="Password" lead="A new one signs you out everywhere else and ends all access tokens.">
    <form class="form" method="post" action="/settings/password#password">
      <FormError errors={errors} />
      <TextField
        name="current_password"
        type="password"
        label="Current password"
        error={errors.current_password}
        autocomplete="current-password"
        required
      />
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
      <FormEnd label="Change password" />
    </form>
  </Section>
);
