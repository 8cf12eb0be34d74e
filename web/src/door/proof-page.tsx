import type { Problem } from "@carillon/kit/service";
import { Plain } from "../layout.tsx";
import { TextField } from "../ui/field.tsx";
import { Html } from "../ui/html.ts";
import { RestingBell } from "../ui/mark.tsx";
import { readPreferences } from "./cookies.ts";
import { formOf } from "./form.ts";

/** The field in which any form may bring the password along. */
export const proofField = "proof_password";

export const wrongProof = "That is not your password.";

type Props = {
  problem: Problem;
  request: Request;
  /** The name of the sign-in provider, which can prove instead. */
  provider: string | null;
};

/** Asks for the password, and then goes on with what was asked for: a form is sent again with all that was typed. */
export const ProofPage = ({ problem, request, provider }: Props) => {
  const form = formOf(request);
  const { pathname, search } = new URL(request.url);
  const path = `${pathname}${search}`;
  const isForm = form !== null && pathname !== "/prove";
  const fields: [string, string][] = form === null ? [["next", path]] : [...form];
  return (
    <Plain title="Enter your password" preferences={readPreferences(request)}>
      <RestingBell />
      <h1>Enter your password</h1>
      <p class="plain-text">
        This can do harm in wrong hands, so Carillon makes sure that it is you. What you typed is kept.
      </p>
      <form method="post" action={isForm ? path : "/prove"} class="form plain-form">
        {fields.map(([name, value]) => (
          <input type="hidden" name={name} value={value} />
        ))}
        <TextField
          name={proofField}
          type="password"
          label="Your password"
          error={problem.detail === wrongProof ? wrongProof : undefined}
          autocomplete="current-password"
          required
        />
        <p class="plain-actions">
          <button type="submit" class="button button-primary">
            Go on
          </button>
          <a class="button" href="/settings">
            Cancel
          </a>
        </p>
      </form>
      {provider === null ? null : (
        <p class="plain-text">
          No password?{" "}
          <a href={againWith(form === null ? path : "/settings")} safe>{`Sign in with ${provider} again`}</a>, then
          start again.
        </p>
      )}
    </Plain>
  );
};

const againWith = (next: string): string => `/sign-in/provider?${new URLSearchParams({ again: "1", next })}`;
