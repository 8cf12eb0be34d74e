import type { MailState } from "@carillon/contracts/http/auth";
import type { Visit } from "../door/visit.ts";
import { type FieldErrors, TextField } from "../ui/field.tsx";
import { Html } from "../ui/html.ts";
import { FormEnd, FormError, PasswordFirst } from "./form-parts.tsx";
import { Section } from "./section.tsx";

type Stopped = MailState["stopped"];
type Props = { visit: Visit; stopped: Stopped; typed: string | undefined; errors: FieldErrors };

/** The account's address: whether it is confirmed, and how to have another one. */
export const AddressSection = ({ visit: { user }, stopped, typed, errors }: Props) => (
  <Section id="address" title="E-mail address" lead="You sign in with it, and reminders are sent to it.">
    <p class="fact">
      <span class="fact-name">Your address</span>
      <span safe>{user.email}</span>
    </p>
    {user.email_verified ? null : <Unconfirmed email={user.email} />}
    {user.email_verified && stopped ? <MailStopped email={user.email} stopped={stopped} /> : null}
    {user.has_password ? <ChangeAddress typed={typed} errors={errors} /> : <PasswordFirst />}
  </Section>
);

const ChangeAddress = ({ typed, errors }: Pick<Props, "typed" | "errors">) => (
  <form class="form" method="post" action="/settings/address#address">
    <FormError errors={errors} />
    <TextField
      name="new_email"
      type="email"
      label="New address"
      value={typed ?? ""}
      error={errors.new_email}
      hint="A link is mailed to it. Until you open that, your present address stays."
      autocomplete="email"
      required
    />
    <TextField
      id="address-password"
      name="address_password"
      type="password"
      label="Your password, to confirm"
      error={errors.address_password}
      autocomplete="current-password"
      required
    />
    <FormEnd label="Change address" />
  </form>
);

const Unconfirmed = ({ email }: { email: string }) => (
  <form class="notice" method="post" action="/settings/address/resend#address">
    <p class="notice-title">This address is not confirmed yet</p>
    <p safe>{`Open the link in the mail that went to ${email}. Until then no reminders are sent.`}</p>
    <p class="form-end">
      <button type="submit" class="button">
        Send the link again
      </button>
    </p>
  </form>
);

const MailStopped = ({ email, stopped }: { email: string; stopped: NonNullable<Stopped> }) => (
  <form class="notice notice-alarm" method="post" action="/settings/address/resend#address">
    <p class="notice-title">No more mail goes to this address</p>
    <p safe>
      {stopped.reason === "bounced"
        ? `Mail to ${email} came back: there is no such mailbox. Change the address, or have a link sent and open it.`
        : `Mail to ${email} was reported as unwanted. To get reminders again, have a link sent and open it.`}
    </p>
    <p class="form-end">
      <button type="submit" class="button">
        Send a link
      </button>
    </p>
  </form>
);
