import {
  type Channel,
  type ChannelList,
  type CreatedChannel,
  type NewChannel,
  webhookEvents,
} from "@carillon/contracts/http/channels";
import { Problem } from "@carillon/kit/service";
import type { Children } from "@kitajs/html";
import { nullWhenGone } from "../api.ts";
import { field, jsonOf } from "../door/form.ts";
import { show } from "../door/show.tsx";
import { seeOtherWith, type Visit } from "../door/visit.ts";
import { type FieldErrors, SelectField, TextField } from "../ui/field.tsx";
import { type FieldPlaces, fieldErrors } from "../ui/field-errors.ts";
import { Html } from "../ui/html.ts";
import { saidOf } from "./channel-words.ts";
import { FormEnd, FormError } from "./form-parts.tsx";
import { Section, SubHead } from "./section.tsx";

const home = "/settings/channels";

/** What a webhook may hear of, by the form's word. */
const hearing = {
  reminders: { label: "Reminders", events: ["reminder.due"] },
  changes: { label: "Every change", events: webhookEvents.filter((event) => event !== "reminder.due") },
  both: { label: "Reminders and every change", events: [...webhookEvents] },
};
const choices = Object.entries(hearing).map(([value, { label }]) => ({ value, label }));

/** A rejected form: what was typed, never a token. */
type Returned = { kind: string; target: string; errors: FieldErrors };

/** `GET /settings/channels`. */
export const showChannels = (visit: Visit): Promise<Response> => channelsPage(visit, {});

/** `POST /settings/channels`: a webhook's secret is on this answer only, so it does not redirect. */
export async function addChannel(visit: Visit): Promise<Response> {
  const kind = field(visit.form, "kind");
  const target = field(visit.form, "target").trim();
  try {
    const made = await visit.api.createChannel(
      readChannel(visit, kind, target),
      field(visit.form, "key") || visit.newKey(),
    );
    if (made.secret !== undefined) return channelsPage(visit, { made });
    return seeOtherWith(home, { text: addedWords[made.kind] }, visit);
  } catch (error) {
    if (!(error instanceof Problem) || !["invalid", "conflict"].includes(error.code)) throw error;
    return channelsPage(visit, { returned: { kind, target, errors: fieldErrors(error, placesOf(kind)) } });
  }
}

const addedWords: Record<Channel["kind"], string> = {
  email: "Reminders are sent by e-mail again.",
  ntfy: "Added. Send a test to see whether it arrives.",
  webhook: "Added.",
  web_push: "Reminders now show up on this device.",
};

const placesOf = (kind: string): FieldPlaces => ({
  target: { field: "target", label: "The address" },
  token: { field: "token", label: "The access token" },
  ...(kind === "web_push" ? { keys: { field: "", label: "The subscription" } } : {}),
});

function readChannel(visit: Visit, kind: string, target: string): NewChannel {
  if (kind === "webhook") {
    const heard = field(visit.form, "events");
    const { events } = heard === "changes" || heard === "both" ? hearing[heard] : hearing.reminders;
    return { kind, target, events: [...events] };
  }
  if (kind === "web_push") {
    const given = jsonOf(field(visit.form, "subscription"));
    const { endpoint, keys } = Object(given);
    return { kind, target: String(endpoint ?? ""), keys, name: "A browser" };
  }
  if (kind === "email") return { kind };
  const token = field(visit.form, "token").trim();
  return { kind: "ntfy", target, ...(token === "" ? {} : { token }) };
}

/** `POST /settings/channels/{id}/test`: what became of it. */
export async function testChannel(visit: Visit): Promise<Response> {
  const tried = await visit.api.testChannel(visit.params.id ?? "").catch(nullWhenGone);
  return seeOtherWith(home, { text: tried ? saidOf(tried) : "That channel is gone." }, visit);
}

/** `POST /settings/channels/{id}/remove`. Succeeds if it is already gone. */
export async function removeChannel(visit: Visit): Promise<Response> {
  await visit.api.removeChannel(visit.params.id ?? "").catch(nullWhenGone);
  return seeOtherWith(home, { text: "Removed. Nothing goes there any more." }, visit);
}

async function channelsPage(
  visit: Visit,
  { made, returned }: { made?: CreatedChannel; returned?: Returned },
): Promise<Response> {
  const channels = await visit.api.listChannels();
  const errorsOf = (kind: string) => (returned?.kind === kind ? returned : undefined);
  return show(visit, {
    title: "Channels",
    place: "settings",
    main: (
      <div class="column column-wide">
        <SubHead back={["/settings", "Settings"]} title="Channels" />
        <Section id="channels" title="Where reminders go" lead="Each reminder goes to each of them, once.">
          {made?.secret ? <Secret secret={made.secret} /> : null}
          <ChannelItems channels={channels.data} />
        </Section>
        <Section id="device" title="This device" lead="The browser shows reminders, also while no page is open.">
          <PushForm channels={channels} visit={visit} returned={errorsOf("web_push")} />
        </Section>
        <Section
          id="ntfy"
          title="ntfy"
          lead="An app for phones that shows what is sent to a topic. All who know a topic's name read it: choose one that cannot be guessed."
        >
          <NtfyForm visit={visit} returned={errorsOf("ntfy")} />
        </Section>
        <Section
          id="webhook"
          title="Webhook"
          lead="An address of a program that hears of reminders or changes. It is signed as Standard Webhooks are."
        >
          <WebhookForm visit={visit} returned={errorsOf("webhook")} />
        </Section>
      </div>
    ),
    status: made ? 201 : returned ? 422 : 200,
  });
}

const Secret = ({ secret }: { secret: string }) => (
  <div role="status">
    <p>The webhook's secret, with which its receiver checks each delivery. It is shown only now:</p>
    <code class="secret" safe>
      {secret}
    </code>
  </div>
);

const kindWords: Record<Channel["kind"], string> = {
  email: "E-mail",
  web_push: "Browser",
  ntfy: "ntfy",
  webhook: "Webhook",
};

const ChannelItems = ({ channels }: { channels: readonly Channel[] }) => (
  <>
    {channels.some(({ kind }) => kind === "email") ? null : (
      <form class="form" method="post" action={home}>
        <p class="notice">Reminders are not sent by e-mail.</p>
        <p class="form-end">
          <button type="submit" class="button" name="kind" value="email">
            Send them by e-mail
          </button>
        </p>
      </form>
    )}
    {channels.length === 0 ? null : (
      <ul class="tokens">
        {channels.map((channel) => (
          <Item channel={channel} />
        ))}
      </ul>
    )}
  </>
);

const Item = ({ channel: { id, kind, target } }: { channel: Channel }) => (
  <li class="token">
    <p class="token-text">
      <strong safe>{kindWords[kind]}</strong>
      <span class="quiet" dir="auto" safe>
        {target}
      </span>
    </p>
    {kind === "email" ? null : (
      <a class="button button-small button-quiet" href={`${home}/${id}`} aria-label={`Log: ${target}`}>
        Log
      </a>
    )}
    <form method="post" action={`${home}/${id}/test`}>
      <button type="submit" class="button button-small" aria-label={`Send a test: ${target}`}>
        Send a test
      </button>
    </form>
    <form method="post" action={`${home}/${id}/remove`}>
      <button type="submit" class="button button-small button-danger" aria-label={`Remove: ${target}`}>
        Remove
      </button>
    </form>
  </li>
);

type FormProps = { visit: Visit; returned: Returned | undefined };

/** Needs the browser's help: `public/push.js` fills it in. */
const PushForm = ({ channels, visit, returned }: FormProps & { channels: ChannelList }) => {
  if (channels.push_key === null)
    return <p class="quiet">This Carillon sends no pushes to browsers; its operator can set that up.</p>;
  return (
    <>
      <p class="quiet" data-push-absent="">
        This browser offers no pushes here. On an iPhone, first add Carillon to the home screen.
      </p>
      <form class="form" method="post" action={`${home}#device`} data-push={channels.push_key} hidden>
        <FormError errors={returned?.errors ?? {}} />
        <input type="hidden" name="kind" value="web_push" />
        <input type="hidden" name="key" value={visit.newKey()} autocomplete="off" />
        <input type="hidden" name="subscription" value="" autocomplete="off" />
        <p class="notice notice-alarm" role="alert" data-push-error="" hidden></p>
        <FormEnd label="Show reminders on this device" />
      </form>
    </>
  );
};

type AddFormProps = FormProps & { kind: "ntfy" | "webhook"; label: string; end: string; children: Children };

const AddForm = ({ kind, label, end, visit, returned, children }: AddFormProps) => (
  <form class="form" method="post" action={`${home}#${kind}`} aria-label={label}>
    <FormError errors={returned?.errors ?? {}} />
    <input type="hidden" name="kind" value={kind} />
    <input type="hidden" name="key" value={visit.newKey()} autocomplete="off" />
    {children}
    <FormEnd label={end} />
  </form>
);

const NtfyForm = ({ visit, returned }: FormProps) => (
  <AddForm kind="ntfy" label="Add an ntfy topic" end="Add topic" visit={visit} returned={returned}>
    <TextField
      id="ntfy-target"
      name="target"
      type="url"
      label="The topic's address"
      value={returned?.target ?? ""}
      error={returned?.errors.target}
      placeholder="https://ntfy.sh/our-kitchen-7f3a"
      maxlength={2_000}
      required
    />
    <TextField
      id="ntfy-token"
      name="token"
      type="password"
      label="Access token, if your server asks for one"
      error={returned?.errors.token}
      maxlength={500}
      optional
    />
  </AddForm>
);

const WebhookForm = ({ visit, returned }: FormProps) => (
  <AddForm kind="webhook" label="Add a webhook" end="Add webhook" visit={visit} returned={returned}>
    <TextField
      id="webhook-target"
      name="target"
      type="url"
      label="The address"
      value={returned?.target ?? ""}
      error={returned?.errors.target}
      placeholder="https://example.com/carillon"
      maxlength={2_000}
      required
    />
    <SelectField id="webhook-events" name="events" label="Hears of" value="reminders" choices={choices} />
  </AddForm>
);
