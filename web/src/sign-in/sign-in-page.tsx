import type { Preferences } from "../door/cookies.ts";
import type { Flash } from "../door/flash.ts";
import { Porch } from "../layout.tsx";
import { timeZoneChoices } from "../time-zones.ts";
import { ErrorSummary, type FieldErrors, SelectField, TextField } from "../ui/field.tsx";
import { Html } from "../ui/html.ts";

type PageProps<Values> = {
  values: Values;
  errors: FieldErrors;
  next: string;
  /** The name of the sign-in provider, if there is one. */
  provider: string | null;
  preferences: Preferences;
  flash: Flash | null;
};

export const SignInPage = ({ values, errors, next, provider, preferences, flash }: PageProps<{ email: string }>) => (
  <Porch title="Sign in" preferences={preferences} flash={flash}>
    <h1>Sign in</h1>
    <form class="porch-form" method="post" action="/sign-in">
      <input type="hidden" name="next" value={next} />
      <ErrorSummary errors={errors} labels={{ email: "E-mail", password: "Password" }} />
      <TextField
        name="email"
        type="email"
        label="E-mail"
        value={values.email}
        error={errors.email}
        autocomplete="username"
        required
      />
      <TextField
        name="password"
        type="password"
        label="Password"
        error={errors.password}
        autocomplete="current-password"
        required
      />
      <button type="submit" class="button button-primary button-wide">
        Sign in
      </button>
    </form>
    <form class="porch-way" method="post" action="/sign-in/passkey" data-passkey="" hidden>
      <input type="hidden" name="credential" value="" />
      <input type="hidden" name="next" value={next} />
      <button type="submit" class="button button-wide">
        Sign in with a passkey
      </button>
      <p class="notice notice-alarm" role="alert" data-passkey-error="" hidden />
    </form>
    {provider === null ? null : <ProviderWay label={`Sign in with ${provider}`} next={next} />}
    <p class="porch-other">
      <a href="/forgot">Forgotten your password?</a>
    </p>
    <p class="porch-other">
      New here? <a href={withNext("/sign-up", next)}>Create an account</a>
    </p>
  </Porch>
);

/** A link and no form, which would be held to this site. */
const ProviderWay = ({ label, next }: { label: string; next: string }) => (
  <p class="porch-way">
    <a class="button button-wide" href={withNext("/sign-in/provider", next)} data-zone-link="" rel="nofollow" safe>
      {label}
    </a>
  </p>
);

type SignUpValues = { email: string; name: string; time_zone: string };

export const SignUpPage = ({ values, errors, next, provider, preferences, flash }: PageProps<SignUpValues>) => (
  <Porch title="Create an account" preferences={preferences} flash={flash}>
    <h1>Create an account</h1>
    <p class="porch-lead">It takes a minute.</p>
    <form class="porch-form" method="post" action="/sign-up">
      <input type="hidden" name="next" value={next} />
      <ErrorSummary
        errors={errors}
        labels={{ email: "E-mail", password: "Password", name: "Name", time_zone: "Time zone" }}
      />
      <TextField
        name="name"
        label="Name"
        value={values.name}
        error={errors.name}
        autocomplete="name"
        maxlength={200}
        optional
      />
      <TextField
        name="email"
        type="email"
        label="E-mail"
        value={values.email}
        error={errors.email}
        autocomplete="username"
        maxlength={254}
        required
      />
      <TextField
        name="password"
        type="password"
        label="Password"
        error={errors.password}
        hint="At least 8 characters. A short sentence is easy to remember."
        autocomplete="new-password"
        minlength={8}
        required
      />
      <SelectField
        name="time_zone"
        label="Time zone"
        value={values.time_zone}
        choices={timeZoneChoices()}
        error={errors.time_zone}
        hint="“Today” and all times follow this zone. You can change it later."
        attributes={{ "data-own-zone": values.time_zone === "UTC" ? "" : undefined }}
      />
      <button type="submit" class="button button-primary button-wide">
        Create an account
      </button>
    </form>
    {provider === null ? null : <ProviderWay label={`Sign up with ${provider}`} next={next} />}
    <p class="porch-other">
      Already have an account? <a href={withNext("/sign-in", next)}>Sign in</a>
    </p>
  </Porch>
);

const withNext = (path: string, next: string): string =>
  next === "" || next === "/today" ? path : `${path}?${new URLSearchParams({ next })}`;
