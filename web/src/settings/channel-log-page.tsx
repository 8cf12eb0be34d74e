import type { Channel, Delivery } from "@carillon/contracts/http/channels";
import { Problem } from "@carillon/kit/service";
import { nullWhenGone } from "../api.ts";
import { show } from "../door/show.tsx";
import { seeOtherWith, type Visit } from "../door/visit.ts";
import { momentText } from "../time.ts";
import { Html } from "../ui/html.ts";
import { stateOf } from "./channel-words.ts";
import { Section, SubHead } from "./section.tsx";

const home = "/settings/channels";

/** `GET /settings/channels/{id}`: what went there, and for a webhook its secret. */
export const showChannelLog = (visit: Visit): Promise<Response> => logPage(visit, null);

/** `POST /settings/channels/{id}/secret`: answers with the only page that ever shows it, so it does not redirect. */
export async function rotateSecret(visit: Visit): Promise<Response> {
  const rotated = await visit.api.rotateSecret(visit.params.id ?? "").catch(nullWhenGone);
  return logPage(visit, rotated?.secret ?? null);
}

/** `POST /settings/channels/{id}/deliveries/{delivery}/resend`. */
export async function resendDelivery(visit: Visit): Promise<Response> {
  const { id = "", delivery = "" } = visit.params;
  const text = await visit.api.resendDelivery(id, delivery).then(
    () => "It is sent again.",
    (error: unknown) => {
      if (error instanceof Problem && ["not_found", "conflict"].includes(error.code)) return error.detail;
      throw error;
    },
  );
  return seeOtherWith(`${home}/${id}`, { text }, visit);
}

async function logPage(visit: Visit, secret: string | null): Promise<Response> {
  const id = visit.params.id ?? "";
  const { data: channels } = await visit.api.listChannels();
  const channel = channels.find((one) => one.id === id);
  if (!channel) return seeOtherWith(home, { text: "That channel is gone." }, visit);
  const cursor = visit.url.searchParams.get("cursor") ?? undefined;
  const { data, next_cursor } = await visit.api.listDeliveries(id, cursor);
  return show(visit, {
    title: "Log of a channel",
    place: "settings",
    main: (
      <div class="column column-wide">
        <SubHead back={[home, "Channels"]} title="Log">
          <p class="page-lead" dir="auto" safe>
            {channel.target}
          </p>
        </SubHead>
        {channel.kind === "webhook" ? <SecretSection channel={channel} secret={secret} /> : null}
        <Section id="log" title="What went there" lead="Of the last 30 days, the newest first.">
          <Deliveries visit={visit} channel={channel} deliveries={data} />
          <p class="more">
            <a class="button button-quiet" href={home}>
              All channels
            </a>
            {next_cursor === null ? null : (
              <a class="button" href={`${home}/${id}?${new URLSearchParams({ cursor: next_cursor })}`}>
                Show older ones
              </a>
            )}
          </p>
        </Section>
      </div>
    ),
    status: secret === null ? 200 : 201,
  });
}

const SecretSection = ({ channel, secret }: { channel: Channel; secret: string | null }) => (
  <Section
    id="secret"
    title="Secret"
    lead="The receiver checks each delivery with it. After a change the old one stays valid for 24 hours."
  >
    {secret === null ? null : (
      <div role="status">
        <p>The new secret. It is shown only now:</p>
        <code class="secret" safe>
          {secret}
        </code>
      </div>
    )}
    <form method="post" action={`${home}/${channel.id}/secret#secret`}>
      <p class="form-end">
        <button type="submit" class="button">
          New secret
        </button>
      </p>
    </form>
  </Section>
);

const aboutWords = { reminder: "Reminder", event: "Change", test: "Test" } as const;

type LogProps = { visit: Visit; channel: Channel; deliveries: readonly Delivery[] };

const Deliveries = ({ visit, channel, deliveries }: LogProps) => {
  if (deliveries.length === 0) return <p class="quiet">Nothing went there yet.</p>;
  return (
    <ul class="tokens">
      {deliveries.map((delivery) => {
        const { about, event_type, created_at, id } = delivery;
        const moment = momentText(created_at, visit.now, visit.user);
        return (
          <li class="token">
            <p class="token-text">
              <strong safe>{event_type ?? aboutWords[about]}</strong>
              <span class="quiet" safe>{`${moment}; ${stateOf(delivery)}`}</span>
            </p>
            {about === "event" ? (
              <form method="post" action={`${home}/${channel.id}/deliveries/${id}/resend`}>
                <button type="submit" class="button button-small" aria-label={`Send again: ${event_type}, ${moment}`}>
                  Send again
                </button>
              </form>
            ) : null}
          </li>
        );
      })}
    </ul>
  );
};
