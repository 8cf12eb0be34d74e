import { type FieldErrors, TextField } from "../ui/field.tsx";
import { Html } from "../ui/html.ts";
import { Icon } from "../ui/icon.tsx";
import { FormError, PasswordFirst } from "./form-parts.tsx";
import { Section } from "./section.tsx";

type Props = { hasPassword: boolean; errors: FieldErrors };

export const LeaveSection = (props: Props) => (
  <Section id="leave" title="Leave" lead="Sign out here, or erase the account with everything in it.">
    <form method="post" action="/sign-out">
      <button type="submit" class="button">
        <Icon name="leave" />
        Sign out
      </button>
    </form>
    <Erase {...props} />
  </Section>
);

const Erase = ({ hasPassword, errors }: Props) => (
  <details class="fold" open={Object.keys(errors).length > 0}>
    <summary>
      <Icon name="chevron" class="chevron" />
      Erase my account
    </summary>
    {hasPassword ? <EraseForm errors={errors} /> : <PasswordFirst />}
  </details>
);

const EraseForm = ({ errors }: { errors: FieldErrors }) => (
  <form class="form fold-body" method="post" action="/settings/erase#leave">
    <p class="notice notice-alarm">
      All tasks, tags and the history are removed at once and permanently. Download them first if you may need them.
    </p>
    <FormError errors={errors} />
    <TextField
      id="erase-password"
      name="erase_password"
      type="password"
      label="Your password, to confirm"
      error={errors.erase_password}
      autocomplete="current-password"
      required
    />
    <p class="form-end">
      <button type="submit" class="button button-danger">
        Erase everything
      </button>
    </p>
  </form>
);
