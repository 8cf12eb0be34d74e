import type { TotpState } from "@carillon/contracts/http/factors";
import { type FieldErrors, TextField } from "../../ui/field.tsx";
import { Html } from "../../ui/html.ts";
import { Icon } from "../../ui/icon.tsx";
import { FormEnd, FormError, PasswordFirst } from "../form-parts.tsx";
import { Section } from "../section.tsx";

type Props = { totp: TotpState; hasPassword: boolean; errors: FieldErrors };

/** Whether sign-in asks for a code, and how to change that. */
export const TwoStepSection = ({ totp, hasPassword, errors }: Props) => (
  <Section
    id="two-step"
    title="Two-step sign-in"
    lead="After your password, sign-in asks for a code of an app on your phone. Who finds out the password alone stays outside."
  >
    {hasPassword ? (
      totp.enabled ? (
        <TurnOff totp={totp} errors={errors} />
      ) : (
        <TurnOn errors={errors} />
      )
    ) : (
      <PasswordFirst />
    )}
  </Section>
);

const TurnOn = ({ errors }: { errors: FieldErrors }) => (
  <form class="form" method="post" action="/settings/two-step#two-step">
    <p>
      Two-step sign-in is off. You need an authenticator app, such as Aegis, 2FAS, or the one in your password manager.
    </p>
    <FormError errors={errors} />
    <TextField
      id="two-step-password"
      name="two_step_password"
      type="password"
      label="Your password, to start"
      error={errors.two_step_password}
      autocomplete="current-password"
      required
    />
    <FormEnd label="Set up two-step sign-in" />
  </form>
);

const TurnOff = ({ totp, errors }: Omit<Props, "hasPassword">) => (
  <>
    <p class="fact">
      <span class="fact-name">On</span>
      <span safe>{leftInWords(totp.recovery_codes_left)}</span>
    </p>
    <details class="fold" open={Object.keys(errors).length > 0}>
      <summary>
        <Icon name="chevron" class="chevron" />
        Turn it off, or move it to another phone
      </summary>
      <form class="form fold-body" method="post" action="/settings/two-step/off#two-step">
        <p>Turn it off here, then set it up again on the other phone. That also gives you new recovery codes.</p>
        <FormError errors={errors} />
        <TextField
          id="two-step-password"
          name="two_step_password"
          type="password"
          label="Your password"
          error={errors.two_step_password}
          autocomplete="current-password"
          required
        />
        <TextField
          id="two-step-code"
          name="two_step_code"
          label="A code of the app, or a recovery code"
          error={errors.two_step_code}
          autocomplete="one-time-code"
          maxlength={40}
          required
        />
        <p class="form-end">
          <button type="submit" class="button button-danger">
            Turn off two-step sign-in
          </button>
        </p>
      </form>
    </details>
  </>
);

function leftInWords(left: number): string {
  if (left === 0) return "No recovery code is left. Turn it off and on again for new ones.";
  return left === 1 ? "One recovery code is left." : `${left} recovery codes are left.`;
}
