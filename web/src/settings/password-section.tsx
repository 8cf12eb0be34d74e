import { type FieldErrors, TextField } from "../ui/field.tsx";
import { Html } from "../ui/html.ts";
import { FormEnd, FormError } from "./form-parts.tsx";
import { Section } from "./section.tsx";

export const PasswordSection = ({ errors }: { errors: FieldErrors }) => (
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
