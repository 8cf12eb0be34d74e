import { type Static, Type } from "@sinclair/typebox";
import { eventTypes } from "../catalog.ts";
import { DateOrder, HourCycle } from "./quick-add.ts";
import { Cursor, Instant, limit, Nullable, Page, Strict, TimeZone, Uuid } from "./shared.ts";
import { Text } from "./text.ts";

export const channelKinds = ["email", "web_push", "ntfy", "webhook"] as const;
export const ChannelKind = Type.Union(channelKinds.map((value) => Type.Literal(value)));
export type ChannelKind = (typeof channelKinds)[number];

/** Maximum channels of a user, mail not counted. */
export const maxChannels = 10;

/** What a webhook hears of besides reminders: every change that the history has. */
export const webhookEvents = [
  "reminder.due",
  ...eventTypes.filter((type) => type !== "user.erased" && type !== "session.revoked"),
] as const;
export const WebhookEvent = Type.Unsafe<string>(Type.Union(webhookEvents.map((value) => Type.Literal(value))));

/** The keys of a browser's push subscription, in base64url. */
export const PushKeys = Type.Object(
  {
    p256dh: Type.String({ minLength: 87, maxLength: 88, pattern: "^[A-Za-z0-9_-]+=?$" }),
    auth: Type.String({ minLength: 22, maxLength: 24, pattern: "^[A-Za-z0-9_-]+={0,2}$" }),
  },
  Strict,
);
export type PushKeys = Static<typeof PushKeys>;

/** `POST /api/channels`. Mail needs nothing but its kind; a browser's subscription has its endpoint as target, and keys. */
export const NewChannel = Type.Object(
  {
    kind: ChannelKind,
    target: Type.Optional(
      Type.String({
        minLength: 1,
        maxLength: 2_000,
        description: "Where messages go: an ntfy topic's address, a UnifiedPush or push endpoint, a webhook's address.",
        examples: ["https://ntfy.sh/our-kitchen-7f3a"],
      }),
    ),
    name: Type.Optional(Text({ min: 1, max: 100 })),
    token: Type.Optional(
      Type.String({
        minLength: 1,
        maxLength: 500,
        pattern: "^[\\x21-\\x7e]+$",
        description: "An access token of the ntfy server, sent as a bearer token.",
      }),
    ),
    keys: Type.Optional(PushKeys),
    events: Type.Optional(
      Type.Array(WebhookEvent, {
        minItems: 1,
        maxItems: webhookEvents.length,
        uniqueItems: true,
        description: "What a webhook hears of; by default reminders (`reminder.due`).",
      }),
    ),
  },
  Strict,
);
export type NewChannel = Static<typeof NewChannel>;

/** A channel as its owner sees it; of a browser's endpoint only the server. */
export const Channel = Type.Object({
  id: Uuid,
  kind: ChannelKind,
  name: Type.String(),
  target: Type.String(),
  events: Type.Array(Type.String()),
  created_at: Instant,
});
export type Channel = Static<typeof Channel>;

/** `secret` is a webhook's, and shown this once. */
export const CreatedChannel = Type.Object({ ...Channel.properties, secret: Type.Optional(Type.String()) });
export type CreatedChannel = Static<typeof CreatedChannel>;

/** `push_key`: the server's key for `pushManager.subscribe`; null while this installation sends no web pushes. */
export const ChannelList = Type.Object({
  data: Type.Array(Channel),
  next_cursor: Type.Null(),
  push_key: Nullable(Type.String()),
});
export type ChannelList = Static<typeof ChannelList>;

/** The new secret of a webhook; until `previous_until` each delivery is signed with the old one too. */
export const RotatedSecret = Type.Object({ secret: Type.String(), previous_until: Instant });
export type RotatedSecret = Static<typeof RotatedSecret>;

const deliveryStates = ["pending", "sent", "failed", "missed", "cancelled"] as const;
export const DeliveryState = Type.Union(deliveryStates.map((value) => Type.Literal(value)));
export type DeliveryState = (typeof deliveryStates)[number];

/** One message to one channel. `id` is what a webhook's receiver sees as `webhook-id`. */
export const Delivery = Type.Object({
  id: Uuid,
  about: Type.Union([Type.Literal("reminder"), Type.Literal("event"), Type.Literal("test")]),
  event_type: Nullable(Type.String()),
  task_id: Nullable(Uuid),
  state: DeliveryState,
  reason: Nullable(Type.String()),
  attempts: Type.Integer({ minimum: 0 }),
  status_code: Nullable(Type.Integer()),
  detail: Nullable(Type.String()),
  created_at: Instant,
  sent_at: Nullable(Instant),
  next_try_at: Nullable(Instant),
});
export type Delivery = Static<typeof Delivery>;

export const ListDeliveries = Type.Object({ limit: limit(50), cursor: Type.Optional(Cursor) });
export type ListDeliveries = Static<typeof ListDeliveries>;
export const DeliveryPage = Page(Delivery);
export type DeliveryPage = Static<typeof DeliveryPage>;

/** `POST /internal/channels/take` (notification → api): `push_key` is the public half of its key, null without one. */
export const TakeSends = Type.Object({ push_key: Nullable(Type.String({ maxLength: 100 })) }, Strict);
export type TakeSends = Static<typeof TakeSends>;

/** Messages of one channel in one step, and channels of one step. */
export const maxSendsAtOnce = 10;
export const maxChannelsAtOnce = 20;

/** A reminder as a channel tells it. */
const DueReminder = Type.Object({
  reminder_id: Uuid,
  remind_at: Instant,
  task_id: Uuid,
  title: Type.String(),
  due_date: Nullable(Instant),
  all_day: Type.Boolean(),
  time_zone: TimeZone,
});

/** One message that should go out now, its place in its channel's queue kept. `attempts` counts this one. */
export const Send = Type.Object({
  user_id: Uuid,
  id: Uuid,
  attempts: Type.Integer({ minimum: 1 }),
  created_at: Instant,
  task_id: Nullable(Uuid),
  content: Type.Union([
    Type.Object({
      about: Type.Literal("reminder"),
      reminder: DueReminder,
      user_zone: TimeZone,
      hour_cycle: HourCycle,
      date_order: DateOrder,
    }),
    Type.Object({ about: Type.Literal("event"), type: Type.String(), timestamp: Type.String(), data: Type.Unknown() }),
    Type.Object({ about: Type.Literal("test") }),
  ]),
});
export type Send = Static<typeof Send>;

/** How to reach a channel: `secrets` sign its messages, the newest first. */
export const ChannelAddress = Type.Object({
  id: Uuid,
  kind: Type.Union([Type.Literal("ntfy"), Type.Literal("webhook"), Type.Literal("web_push")]),
  target: Type.String(),
  token: Nullable(Type.String()),
  keys: Nullable(Type.Object({ p256dh: Type.String(), auth: Type.String() })),
  secrets: Type.Array(Type.String()),
});
export type ChannelAddress = Static<typeof ChannelAddress>;

export const TakenSends = Type.Object({
  channels: Type.Array(Type.Object({ channel: ChannelAddress, sends: Type.Array(Send) })),
});
export type TakenSends = Static<typeof TakenSends>;
export type TakenChannel = TakenSends["channels"][number];

/**
 * What became of a message. `untried`: it was not sent, and did not cost an attempt. `gone`: the receiver says for good that
 * there is no such channel.
 */
export const SendResult = Type.Object(
  {
    user_id: Uuid,
    id: Uuid,
    outcome: Type.Union((["sent", "retry", "failed", "gone", "untried"] as const).map((value) => Type.Literal(value))),
    delay_ms: Nullable(Type.Integer({ minimum: 0, maximum: 7 * 86_400_000 })),
    status_code: Nullable(Type.Integer({ minimum: 100, maximum: 999 })),
    detail: Nullable(Type.String({ maxLength: 500 })),
  },
  Strict,
);
export type SendResult = Static<typeof SendResult>;

/** `POST /internal/channels/results` (notification → api); idempotent. */
export const SendResults = Type.Object(
  {
    channels: Type.Array(Type.Object({ user_id: Uuid, id: Uuid }, Strict), {
      maxItems: maxChannelsAtOnce,
      description: "whose queues are free again",
    }),
    results: Type.Array(SendResult, { maxItems: maxSendsAtOnce * maxChannelsAtOnce }),
  },
  Strict,
);
export type SendResults = Static<typeof SendResults>;
