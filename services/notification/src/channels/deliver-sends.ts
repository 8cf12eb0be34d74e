import {
  type ChannelAddress,
  maxChannelsAtOnce,
  type Send,
  type SendResult,
  type SendResults,
  type TakenChannel,
} from "@carillon/contracts/http/channels";
import { cleanReason } from "@carillon/events/consume";
import { backoffMs } from "@carillon/kit/loop";
import { inSpan, metrics } from "@carillon/kit/observe";
import { askApi } from "../ask-api.ts";
import type { NotificationDeps } from "../deps.ts";
import { messageOf, ntfyRequest, payloadOf, type Request } from "./message.ts";
import { type Attempt, nextStep } from "./next-step.ts";
import { maxAnswerMs, postOutside, Refused } from "./post-outside.ts";
import { webhookRequest } from "./sign-webhook.ts";

/** A message starts with its claim (G12); one that could not start within this time is claimed again. */
const claimGoodMs = 5_000;
/** Time after a claim in which no other replica can claim the channel. */
const noteGoodMs = 12_000;
const notePause = { firstMs: 250, maxMs: 2_000 };
/** Channels in progress: a slow receiver holds one place, and no other channel waits for it. */
const maxUnderWay = 100;
const idleMs = 1_000;

export type ChannelSender = {
  /** One turn: starts what should go out now, and returns milliseconds until the next. */
  turn(): Promise<number>;
  /** Resolves when what is under way has ended. */
  drained(): Promise<void>;
};

/** Sends what api has for channels. `onFree` is called when a channel has ended and may have more. */
export function createChannelSender(deps: NotificationDeps, onFree: () => void): ChannelSender {
  const underWay = new Set<Promise<void>>();
  const api = askApi(deps.invoke);

  /** Each result goes to api at once, so that after a crash at most one message goes out twice. */
  async function deliver({ channel, sends }: TakenChannel): Promise<void> {
    const claimedAt = performance.now();
    for (const [at, send] of sends.entries()) {
      const isLate = performance.now() - claimedAt > claimGoodMs;
      const result = isLate ? untried(send) : await sendOne(deps, channel, send);
      const isLast = at === sends.length - 1;
      const channels = isLast ? [{ user_id: send.user_id, id: channel.id }] : [];
      await note({ channels, results: [result] }, () => performance.now() - claimedAt < noteGoodMs);
    }
  }

  /** Told again, a result changes nothing; lost, it has its message sent again. */
  async function note(results: SendResults, mayRetry: () => boolean): Promise<void> {
    for (let tries = 1; ; tries++) {
      try {
        return await api.noteSends(results);
      } catch (error) {
        if (!mayRetry()) throw error;
        await Bun.sleep(backoffMs(notePause, tries));
      }
    }
  }

  function start(taken: TakenChannel): void {
    const work: Promise<void> = deliver(taken)
      .finally(() => {
        underWay.delete(work);
        onFree();
      })
      // Its lease expires, and the messages are sent again under the same ids.
      .catch((error: unknown) => deps.log.warn("channel: results not noted", { channel_id: taken.channel.id, error }));
    underWay.add(work);
  }

  return {
    async turn() {
      if (underWay.size >= maxUnderWay) await Promise.race(underWay);
      const channels = await api.takeSends(deps.push?.publicKey ?? null);
      for (const one of channels) start(one);
      return channels.length === maxChannelsAtOnce ? 0 : idleMs;
    },
    async drained() {
      await Promise.all(underWay);
    },
  };
}

const untried = ({ user_id, id }: Send): SendResult => ({
  user_id,
  id,
  outcome: "untried",
  delay_ms: 0,
  status_code: null,
  detail: null,
});

async function sendOne(deps: NotificationDeps, channel: ChannelAddress, send: Send): Promise<SendResult> {
  const attempt = await inSpan(
    { name: "send to channel", kind: "client", service: "notification", attributes: { "peer.service": channel.kind } },
    async () => tryOnce(deps, channel, send),
  );
  const now = deps.clock.now();
  const step = nextStep(attempt, send, channel.kind, { now });
  record(deps, { channel, send, now }, step);
  return { user_id: send.user_id, id: send.id, ...step, detail: step.detail && cleanReason(step.detail).slice(0, 300) };
}

async function tryOnce(deps: NotificationDeps, channel: ChannelAddress, send: Send): Promise<Attempt> {
  try {
    const { headers, body } = requestOf(deps, channel, send);
    const answer = await postOutside({ target: channel.target, headers, body }, deps.outside, maxAnswerMs);
    return { kind: "answered", answer };
  } catch (error) {
    const detail = troubleOf(error);
    return { kind: error instanceof Refused ? "refused" : "unreached", detail };
  }
}

/** What is wrong, for the channel's owner: a library's words name addresses and codes. */
function troubleOf(error: unknown): string {
  const { code = "", message = String(error) } = Object(error) as { code?: string; message?: string };
  if (["ENOTFOUND", "EAI_AGAIN", "ENODATA"].includes(code)) return "its name was not found";
  if (["ECONNREFUSED", "ConnectionRefused"].includes(code)) return "it accepts no connection";
  if (["ECONNRESET", "EPIPE", "ConnectionClosed"].includes(code)) return "it closed the connection";
  return /certificate|altname|CERT|TLS/i.test(`${code} ${message}`) ? "its certificate is not valid" : message;
}

function requestOf({ publicUrl, clock, push }: NotificationDeps, channel: ChannelAddress, send: Send): Request {
  const now = clock.now();
  if (channel.kind === "web_push") {
    if (!push) throw new Refused("this installation sends no web pushes");
    return push.requestOf(channel, send, messageOf(send, { publicUrl, now }));
  }
  if (channel.kind === "ntfy") return ntfyRequest(messageOf(send, { publicUrl, now }), send, channel);
  return webhookRequest(payloadOf(send, publicUrl), { id: send.id, secrets: channel.secrets, now });
}

function record(
  { log }: NotificationDeps,
  { channel, send, now }: { channel: ChannelAddress; send: Send; now: Date },
  { outcome, detail, status_code }: Pick<SendResult, "outcome" | "detail" | "status_code">,
): void {
  const { content, attempts, user_id, id } = send;
  const fields = {
    user_id,
    send_id: id,
    channel_id: channel.id,
    kind: channel.kind,
    about: content.about,
    attempts,
    outcome,
    status_code,
  };
  if (content.about === "reminder") {
    metrics.reminderSends.inc({ outcome: outcome === "sent" ? "sent" : outcome === "retry" ? "later" : "refused" });
    const lateMs = now.getTime() - Date.parse(content.reminder.remind_at);
    // A retry says how long its receiver was away, and nothing about us.
    if (outcome === "sent" && attempts === 1) metrics.reminderDeliveryLatency.observe(Math.max(0, lateMs) / 1_000);
  }
  if (outcome === "sent") log.info("channel: sent", fields);
  else log.warn("channel: not sent", { ...fields, reason: detail });
}
