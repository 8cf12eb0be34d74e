import type { Channel, Delivery } from "@carillon/contracts/http/channels";
import { requireProof } from "./accounts.ts";
import { type Answer, invalid, notFound } from "./refusal.ts";
import { type Call, gone, type Route } from "./world.ts";

const at = (tail: string) => new RegExp(`^/api/channels/([^/]+)${tail}$`);

export const channelRoutes: Route[] = [
  { method: "GET", path: /^\/api\/channels$/, run: list },
  { method: "POST", path: /^\/api\/channels$/, run: add },
  { method: "DELETE", path: at(""), run: remove },
  { method: "POST", path: at("/test"), run: (call) => ({ status: 200, body: delivery(known(call), "test") }) },
  { method: "POST", path: at("/secret"), run: rotate },
  { method: "GET", path: at("/deliveries"), run: deliveries },
  {
    method: "POST",
    path: at("/deliveries/[^/]+/resend"),
    run: (call) => ({ status: 200, body: delivery(known(call), "event") }),
  },
];

const mailOf = ({ account: { user } }: Call): Channel => ({
  id: user.id,
  kind: "email",
  name: "Mail",
  target: user.email,
  events: [],
  created_at: user.created_at,
});

function list(call: Call): Answer {
  const { account } = call;
  const data = [...(account.user.notifications.email ? [mailOf(call)] : []), ...account.channels.values()];
  return { status: 200, body: { data, next_cursor: null, push_key: "BPushKeyOfTheTests" } };
}

function add(call: Call): Answer {
  const { account, body, now, world } = call;
  const kind = body.kind as Channel["kind"];
  if (kind === "email") {
    account.user.notifications.email = true;
    return { status: 201, body: mailOf(call) };
  }
  if (!String(body.target).startsWith("http")) throw invalid("/target", "must be an https address");
  if (kind === "webhook") requireProof(world);
  const events = (body.events ?? []) as string[];
  const channel: Channel = {
    id: Bun.randomUUIDv7(),
    kind,
    name: kind,
    target: String(body.target),
    events,
    created_at: now,
  };
  account.channels.set(channel.id, channel);
  return { status: 201, body: { ...channel, ...(kind === "webhook" ? { secret: "whsec_shownonce" } : {}) } };
}

function known({ account, id }: Call): Channel {
  const channel = account.channels.get(id);
  if (!channel) throw notFound();
  return channel;
}

function remove({ account, id }: Call): Answer {
  if (id !== account.user.id) return gone(account.channels.delete(id));
  account.user.notifications.email = false;
  return { status: 204 };
}

function rotate(call: Call): Answer {
  known(call);
  requireProof(call.world);
  return { status: 200, body: { secret: "whsec_another", previous_until: call.now } };
}

function deliveries(call: Call): Answer {
  const channel = known(call);
  const failed: Delivery = {
    ...delivery(channel, "event"),
    state: "failed",
    detail: "it answered 500",
    status_code: 500,
  };
  return { status: 200, body: { data: [failed], next_cursor: null } };
}

const delivery = ({ kind, created_at }: Channel, about: Delivery["about"]): Delivery => ({
  id: Bun.randomUUIDv7(),
  about,
  event_type: about === "event" ? "task.created" : null,
  task_id: null,
  state: kind === "ntfy" ? "failed" : "sent",
  reason: null,
  attempts: 1,
  status_code: kind === "ntfy" ? 404 : 200,
  detail: kind === "ntfy" ? "it answered 404" : null,
  created_at,
  sent_at: null,
  next_try_at: null,
});
