import type { Preferences } from "../door/cookies.ts";
import { Porch } from "../layout.tsx";
import { ErrorSummary, type FieldErrors, TextField } from "../ui/field.tsx";
import { Html } from "../ui/html.ts";

type Props = { challenge: string; next: string; errors: FieldErrors; preferences: Preferences };

/** The second step of a sign-in: the password, or the provider, was right. */
export const SecondStepPage = ({ challenge, next, errors, preferences }: Props) => (
  <Porch title="Enter your code" preferences={preferences}>
    <h1>Enter your code</h1>
    <p class="porch-lead">Open your authenticator app and type the six digits it shows for Carillon.</p>
    <form class="porch-form" method="post" action="/sign-in/second">
      <input type="hidden" name="challenge" value={challenge} />
      <input type="hidden" name="next" value={next} />
      <ErrorSummary errors={errors} labels={{ code: "Code" }} />
      <TextField
        name="code"
        label="Code"
        error={errors.code}
        hint="No phone at hand? Type one of your recovery codes instead."
        autocomplete="one-time-code"
        maxlength={40}
        required
        attributes={{ autofocus: "", autocapitalize: "none", spellcheck: "false" }}
      />
      <button type="submit" class="button button-primary button-wide">
        Sign in
      </button>
    </form>
    <p class="porch-other">
      <a href="/sign-in">Start again</a>
    </p>
  </Porch>
);
