import type { CreatedToken, MailState, Token } from "@carillon/contracts/http/auth";
import type { TotpState } from "@carillon/contracts/http/factors";
import type { Identity } from "@carillon/contracts/http/identities";
import type { Passkey } from "@carillon/contracts/http/passkeys";
import type { Session } from "@carillon/contracts/http/sessions";
import { show } from "../door/show.tsx";
import type { Visit } from "../door/visit.ts";
import { timeZoneChoices } from "../time-zones.ts";
import { Checkbox, type FieldErrors, SelectField, TextField } from "../ui/field.tsx";
import { Html } from "../ui/html.ts";
import { Icon } from "../ui/icon.tsx";
import { Pill } from "../ui/pill.tsx";
import { AddressSection } from "./address-section.tsx";
import { PasskeysSection } from "./factors/passkeys-section.tsx";
import { ProviderSection } from "./factors/provider-section.tsx";
import { TwoStepSection } from "./factors/two-step-section.tsx";
import { FormEnd, FormError } from "./form-parts.tsx";
import { LeaveSection } from "./leave-section.tsx";
import { PasswordSection } from "./password-section.tsx";
import { Section } from "./section.tsx";
import { SessionsSection } from "./sessions-section.tsx";
import { type NewTokenValues, TokensSection } from "./tokens-section.tsx";
import { WritingSection, type WritingValues } from "./writing-section.tsx";
import { YourData } from "./your-data.tsx";

/** The rejected form of the page, its input (never a password), and the reason. */
export type ReturnedSettings = {
  section: "profile" | "address" | "writing" | "password" | "two-step" | "passkeys" | "tokens" | "erase";
  errors: FieldErrors;
  profile?: { name: string; time_zone: string };
  new_email?: string;
  writing?: WritingValues;
  token?: NewTokenValues;
};

const themes = [
  { value: "system", label: "Same as device" },
  { value: "light", label: "Light" },
  { value: "dark", label: "Dark" },
];

const densities = [
  { value: "compact", label: "Compact" },
  { value: "comfortable", label: "Comfortable" },
];

/** `GET /settings`. */
export const showSettings = (visit: Visit): Promise<Response> => settingsPage(visit);

export async function settingsPage(
  visit: Visit,
  state: { returned?: ReturnedSettings; created?: CreatedToken; status?: number } = {},
): Promise<Response> {
  const [{ data: tokens }, { data: sessions }, mail, totp, { data: passkeys }, { data: identities }, provider] =
    await Promise.all([
      visit.api.listTokens({}),
      visit.api.listSessions(),
      visit.api.mailState(),
      visit.api.totp(),
      visit.api.listPasskeys(),
      visit.api.listIdentities(),
      visit.provider(),
    ]);
  return show(visit, {
    title: "Settings",
    place: "settings",
    main: (
      <SettingsMain
        visit={visit}
        sessions={sessions}
        tokens={tokens}
        mail={mail}
        totp={totp}
        passkeys={passkeys}
        identities={identities}
        provider={provider}
        returned={state.returned}
        created={state.created}
      />
    ),
    status: state.status ?? (state.returned ? 422 : 200),
  });
}

type MainProps = {
  visit: Visit;
  sessions: readonly Session[];
  tokens: readonly Token[];
  mail: MailState;
  totp: TotpState;
  passkeys: readonly Passkey[];
  identities: readonly Identity[];
  provider: string | null;
  returned: ReturnedSettings | undefined;
  created: CreatedToken | undefined;
};

const SettingsMain = (props: MainProps) => {
  const { visit, sessions, tokens, mail, totp, passkeys, identities, provider, returned, created } = props;
  const errorsOf = (section: ReturnedSettings["section"]): FieldErrors =>
    returned?.section === section ? returned.errors : {};
  return (
    <div class="column column-wide">
      <header class="page-head">
        <h1>Settings</h1>
      </header>
      <Profile visit={visit} typed={returned?.profile} errors={errorsOf("profile")} />
      <AddressSection visit={visit} stopped={mail.stopped} typed={returned?.new_email} errors={errorsOf("address")} />
      <WritingSection visit={visit} typed={returned?.writing} errors={errorsOf("writing")} />
      <Reminders visit={visit} />
      <Display visit={visit} />
      <PasswordSection hasPassword={visit.user.has_password} errors={errorsOf("password")} />
      <TwoStepSection totp={totp} hasPassword={visit.user.has_password} errors={errorsOf("two-step")} />
      <PasskeysSection visit={visit} passkeys={passkeys} errors={errorsOf("passkeys")} />
      <ProviderSection visit={visit} provider={provider} identities={identities} />
      <Section
        id="sessions"
        title="Where you are signed in"
        lead="A browser you do not use for a week is signed out by itself, and every one a month after it signed in."
      >
        <SessionsSection visit={visit} sessions={sessions} />
      </Section>
      <Section
        id="tokens"
        title="Access tokens"
        lead="For scripts and other programs that work with your tasks. Treat one like a password."
      >
        <TokensSection
          visit={visit}
          tokens={tokens}
          created={created}
          typed={returned?.token}
          errors={errorsOf("tokens")}
        />
      </Section>
      <YourData />
      <LeaveSection hasPassword={visit.user.has_password} errors={errorsOf("erase")} />
    </div>
  );
};

const Profile = ({
  visit,
  typed,
  errors,
}: {
  visit: Visit;
  typed: { name: string; time_zone: string } | undefined;
  errors: FieldErrors;
}) => (
  <Section id="profile" title="You" lead="How Carillon greets you, and your time zone.">
    <form class="form" method="post" action="/settings/profile#profile">
      <FormError errors={errors} />
      <TextField
        name="name"
        label="Name"
        value={typed?.name ?? visit.user.name}
        error={errors.name}
        autocomplete="name"
        maxlength={200}
        optional
      />
      <SelectField
        name="time_zone"
        label="Time zone"
        value={typed?.time_zone ?? visit.user.time_zone}
        choices={timeZoneChoices()}
        error={errors.time_zone}
        hint="“Today” begins at midnight here. Whole days move with you; what has a time keeps its zone."
      />
      <FormEnd label="Save" />
    </form>
  </Section>
);

const Reminders = ({ visit: { user } }: { visit: Visit }) => (
  <Section id="reminders" title="Reminders" lead="How Carillon reaches you when a reminder rings.">
    <form class="form" method="post" action="/settings/reminders#reminders">
      <Checkbox
        name="email"
        id="remind-by-email"
        label="Send reminders by e-mail"
        checked={user.notifications.email}
        hint={`To ${user.email}. If switched off, reminders stay on their tasks, but no e-mail is sent.`}
      />
      <FormEnd label="Save" />
    </form>
    <p class="form-end">
      <a class="button" href="/settings/channels">
        <Icon name="bell" />
        This device, ntfy, webhooks
      </a>
    </p>
  </Section>
);

const Display = ({ visit: { preferences } }: { visit: Visit }) => (
  <Section id="display" title="Display" lead="Kept in this browser only.">
    <form class="form" method="post" action="/settings/display#display">
      <fieldset class="choices">
        <legend>Theme</legend>
        <div class="pills">
          {themes.map(({ value, label }) => (
            <Pill type="radio" name="theme" value={value} checked={preferences.theme === value}>
              <span safe>{label}</span>
            </Pill>
          ))}
        </div>
      </fieldset>
      <fieldset class="choices">
        <legend>Rows</legend>
        <div class="pills">
          {densities.map(({ value, label }) => (
            <Pill type="radio" name="density" value={value} checked={preferences.density === value}>
              <span safe>{label}</span>
            </Pill>
          ))}
        </div>
      </fieldset>
      <Checkbox
        name="sound"
        id="use-sound"
        label="Strike a bell"
        checked={preferences.sound}
        hint="When a reminder rings while a page is open. Browsers play it once you have pressed something there."
      />
      <Checkbox
        name="shortcuts"
        id="use-shortcuts"
        label="Keyboard shortcuts"
        checked={preferences.shortcuts}
        hint="Single keys such as n for a new task. Press ? to see them all."
      />
      <FormEnd label="Save" />
    </form>
  </Section>
);
