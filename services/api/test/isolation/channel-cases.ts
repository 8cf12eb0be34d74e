import { until } from "@carillon/testing/until";
import { recipientOf, sealOf } from "../../src/channels/channel-row.ts";
import type { Answered, Harness, Person } from "../harness.ts";
import { type Asking, type Case, call, get, neighbour, secondPage } from "./calls.ts";

const idOf = (tail: string): string => `018f0000-0000-7000-8000-00000000c${tail}`;
const ntfy = idOf("001");
const hook = idOf("002");
const sends = { mail: idOf("011"), ring: idOf("012"), failed: idOf("013"), waiting: idOf("014") };
/** Of these one is the caller's, the other the other's. */
export const targets = { own: "https://ntfy.sh/own", others: "https://ntfy.sh/others" };

/** An ntfy topic, a webhook, and messages for both: parts of a reminder, and events. */
export async function giveChannels({ sql, deps }: Harness, { user: { id } }: Person): Promise<void> {
  const sealed = sealOf(deps, id, { target: targets.own, secrets: ["whsec_AAAA"] });
  for (const [channel, kind, events] of [
    [ntfy, "ntfy", []],
    [hook, "webhook", ["tag.created"]],
  ] as const)
    await sql`
      insert into api.channels (user_id, id, kind, name, sealed, recipient, events, rings, created_at)
      values (${id}, ${channel}, ${kind}, 'own', ${sealed}, ${recipientOf(deps, targets.own)}, ${[...events]}, ${kind === "ntfy"}, '2025-11-24T09:00:00Z')`;
  for (const [send, channel, kind, about, state] of [
    [sends.mail, id, "email", "reminder", "pending"],
    [sends.ring, ntfy, "ntfy", "reminder", "pending"],
    [sends.failed, hook, "webhook", "event", "failed"],
    [sends.waiting, hook, "webhook", "event", "pending"],
  ] as const)
    await sql`
      insert into api.channel_sends (user_id, id, channel_id, kind, about, task_id, reminder_id, generation, change_seq, state, next_try_at, created_at)
      select t.user_id, ${send}, ${channel}, ${kind}, ${about}, t.id, case when ${about} = 'reminder' then r.id end,
        case when ${about} = 'reminder' then r.generation end,
        case when ${about} = 'event' then (select min(change_seq) from api.outbox where user_id = t.user_id) + ${send === sends.failed ? 0 : 1} end,
        ${state}, '2025-11-24T09:00:00Z', '2025-11-24T09:00:00Z'
      from api.tasks t join api.reminders r on r.user_id = t.user_id and r.task_id = t.id and r.position = 0
      where t.user_id = ${id} and t.title = 'plain'`;
  await sql`update api.users set event_hooks = 1 where id = ${id}`;
}

/** What is sealed opens for its owner alone. */
async function seal({ api, person }: Asking): Promise<void> {
  const sealed = sealOf(api.deps, person.user.id, { target: targets.own, secrets: ["whsec_AAAA"] });
  await api.sql`update api.channels set sealed = ${sealed} where user_id = ${person.user.id}`;
}

const note = (outcome: string, id: string, channel: string): Case => ({
  status: 204,
  call: neighbour(
    "POST",
    () => "/internal/channels/results",
    ({ person }) => ({
      channels: [{ user_id: person.user.id, id: channel }],
      results: [{ user_id: person.user.id, id, outcome, delay_ms: 1_000, status_code: 500, detail: "no" }],
    }),
  ),
});

/** Each run signs up other people. */
const anyAddress = (answered: Answered, { email }: Person): Answered => ({
  ...answered,
  body: JSON.parse(JSON.stringify(answered.body).replaceAll(email, "my own address")),
});

/** The routes of channels. */
export const channelCases: Record<string, readonly Case[]> = {
  "GET /api/channels": [
    { status: 200, call: async ({ as, person }) => anyAddress(await as.get("/api/channels"), person) },
  ],
  "POST /api/channels": [
    {
      status: 201,
      call: call(
        "POST",
        () => "/api/channels",
        () => ({ kind: "ntfy", target: targets.others }),
      ),
    },
    {
      status: 201,
      call: async ({ as, person }) => anyAddress(await as.post("/api/channels", { kind: "email" }), person),
    },
  ],
  "DELETE /api/channels/:id": [
    { status: 204, call: call("DELETE", () => `/api/channels/${ntfy}`) },
    { status: 204, call: async ({ as, person }) => as.delete(`/api/channels/${person.user.id}`) },
  ],
  "POST /api/channels/:id/test": [
    {
      status: 200,
      call: async ({ as, api, person }) => {
        const tests = () => api.sql`
          update api.channel_sends set state = 'sent' where user_id = ${person.user.id} and about = 'test' and state = 'pending'`;
        const sent = until("the test is sent", async () => (await tests()).count === 1);
        const [answered] = await Promise.all([as.post(`/api/channels/${ntfy}/test`), sent]);
        return answered;
      },
    },
    { status: 200, call: async ({ as, person }) => as.post(`/api/channels/${person.user.id}/test`) },
  ],
  "POST /api/channels/:id/secret": [
    {
      status: 200,
      call: async (asking) => {
        await seal(asking);
        const { status, headers } = await asking.as.post(`/api/channels/${hook}/secret`);
        return { status, headers, body: null };
      },
    },
  ],
  "GET /api/channels/:id/deliveries": [
    get(`/api/channels/${hook}/deliveries`),
    secondPage(`/api/channels/${hook}/deliveries?`),
  ],
  "POST /api/channels/:id/deliveries/:delivery/resend": [
    { status: 200, call: call("POST", () => `/api/channels/${hook}/deliveries/${sends.failed}/resend`) },
  ],
  "POST /internal/channels/results": [
    note("retry", sends.ring, ntfy),
    note("sent", sends.ring, ntfy),
    note("gone", sends.ring, ntfy),
    note("retry", sends.waiting, hook),
    note("sent", sends.waiting, hook),
  ],
};
