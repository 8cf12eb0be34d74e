import { type Retry, subscriptions } from "@carillon/contracts/catalog";
import type { ServiceName, Topic } from "@carillon/contracts/names";
import { type Cause, causeOfEvent, type Log, metrics, withCause } from "@carillon/kit/observe";
import type { State } from "@carillon/kit/ports";
import type { InternalRoute } from "@carillon/kit/service";
import { countTries } from "./count-tries.ts";
import { type DataOf, decodeEvent } from "./decode-event.ts";
import { type Delivery, type Entry, entriesOf } from "./delivery-envelope.ts";
import { inEventSpans } from "./event-spans.ts";
import { failureNotes } from "./failure-notes.ts";
import { handleInParts } from "./handle-in-parts.ts";
import { type Handle, heldBackReason, retryFor, type Verdict } from "./verdict.ts";
import { wholeBatches } from "./whole-batches.ts";

export type SubscribeOptions<T extends Topic> = {
  service: ServiceName;
  topic: T;
  /** Where failed deliveries are recorded; left out where nothing is retried or parked. */
  state?: State;
  log: Log;
  handle: Handle<DataOf<T>>;
  /** Replaces the catalogue's. */
  retry?: Retry;
};

const words = { done: "SUCCESS", retry: "RETRY", drop: "DROP" } as const;

/**
 * A subscription as a route of the service's door, as the catalogue defines it. It takes Dapr's bulk
 * envelope and a single CloudEvent and always answers 200 with statuses, because a sidecar discards
 * an event on 404 and gives up on 500. Undecodable events are dropped (to the dead letters, if any)
 * without affecting the others.
 */
export function subscribe<T extends Topic>(options: SubscribeOptions<T>): InternalRoute {
  const { service, topic } = options;
  const subscription = subscriptions.find((one) => one.service === service && one.topic === topic);
  if (!subscription) throw new Error(`The catalogue knows no subscription of ${service} to ${topic}.`);
  const note = options.state ? failureNotes(options.state, service, options.log) : async () => {};
  const retry = options.retry ?? subscription.retry;
  const afterTries = countTries(retry);
  const whole = wholeBatches();
  const isParked = subscription.deadLetter !== null;

  async function answer(request: Request): Promise<Response> {
    const delivery = entriesOf(await request.text());
    if (!delivery) {
      options.log.error("event: a delivery is not a JSON object", { service, topic });
      return Response.json({ status: "DROP" });
    }
    const isWhole = delivery.bulk && !delivery.carrierCounts && retry.attempts !== "forever";
    const judged = await judgeAll(options, delivery.entries, isWhole ? whole.givenUp : () => null);
    const verdicts = delivery.carrierCounts ? judged : ended(delivery, judged, isWhole);
    if (!delivery.carrierCounts && isParked)
      metrics.deadLetters.inc({ service, topic }, verdicts.filter(({ kind }) => kind === "drop").length);
    await note(failuresOf(delivery.entries, verdicts));
    report(options, delivery.entries, verdicts);
    const statuses = delivery.entries.map(({ entryId }, at) => ({ entryId, ...statusOf(verdicts[at]) }));
    return Response.json(delivery.bulk ? { statuses } : { status: statuses[0]?.status ?? "RETRY" });
  }

  /** The verdicts when we count the tries. */
  function ended({ entries }: Delivery, judged: readonly Verdict[], isWhole: boolean): Verdict[] {
    const ids = entries.map(({ raw }) => idOf(raw));
    const verdicts = judged.map((verdict, at) => afterTries(ids[at] ?? null, verdict));
    // An event that is never given up is dropped at once or never.
    return isWhole ? whole.say(ids, verdicts) : verdicts;
  }

  return {
    method: "POST",
    path: subscription.route,
    // The sidecar delivers events; ops redelivers dead letters.
    callers: isParked ? ["sidecar", "ops"] : ["sidecar"],
    // A delivery has its sender's timeout.
    limitMs: null,
    handle: ({ request }) =>
      answer(request).catch((error: unknown) => {
        options.log.error("event: a delivery failed", { service, topic, error });
        return Response.json({ status: "RETRY" });
      }),
  };
}

async function judgeAll<T extends Topic>(
  options: SubscribeOptions<T>,
  entries: readonly Entry[],
  givenUp: (id: string | null) => Verdict | null,
): Promise<Verdict[]> {
  const decoded = entries.map(({ raw }) => {
    const verdict = givenUp(idOf(raw));
    return verdict ? { kind: "given up" as const, verdict } : decodeEvent(options.topic, raw);
  });
  const events = decoded.flatMap((one) => (one.kind === "event" ? [one.event] : []));
  const verdicts = await inEventSpans(options, events, (some) => handleInParts(options.handle, some)).catch(
    (error: unknown) => events.map(() => retryFor(error)),
  );
  const ofEvents = verdicts.values();
  return decoded.map((one) => {
    if (one.kind === "given up") return one.verdict;
    if (one.kind === "undecodable") return { kind: "drop", reason: `cannot be decoded: ${one.reason}` };
    return ofEvents.next().value ?? retryFor("no verdict");
  });
}

const statusOf = (verdict: Verdict | undefined) =>
  !verdict || verdict.kind === "done"
    ? { status: words[verdict?.kind ?? "retry"] }
    : { status: words[verdict.kind], reason: verdict.reason };

/** Event id → why it failed; without those that were only held back. */
function failuresOf(entries: readonly Entry[], verdicts: readonly Verdict[]): Map<string, string> {
  const failures = new Map<string, string>();
  for (const [at, verdict] of verdicts.entries()) {
    if (verdict.kind !== "done" && verdict.reason !== heldBackReason) {
      const id = idOf(entries[at]?.raw);
      if (id !== null) failures.set(id, verdict.reason);
    }
  }
  return failures;
}

function report<T extends Topic>(
  { service, topic, log }: SubscribeOptions<T>,
  entries: readonly Entry[],
  verdicts: readonly Verdict[],
): void {
  for (const [at, verdict] of verdicts.entries()) {
    metrics.eventsHandled.inc({ service, topic, verdict: verdict.kind });
    if (verdict.kind === "done" || verdict.reason === heldBackReason) continue;
    const level = verdict.kind === "drop" ? "error" : "warn";
    const raw = entries[at]?.raw;
    const fields = { service, topic, event_id: idOf(raw), verdict: verdict.kind, reason: verdict.reason };
    withCause(causeIn(raw), () => log[level]("event: not handled", fields));
  }
}

/** The cause that an event names, also where the rest of it cannot be decoded. */
function causeIn(raw: unknown): Cause | null {
  const id = idOf(raw);
  const correlationid = idOf(raw, "correlationid");
  if (id === null) return null;
  return causeOfEvent(correlationid === null ? { id } : { id, correlationid });
}

const idShape = /^[\w-]{1,100}$/;

function idOf(raw: unknown, name: "id" | "correlationid" = "id"): string | null {
  const id = typeof raw === "object" && raw !== null && name in raw ? (raw as Record<string, unknown>)[name] : null;
  return typeof id === "string" && idShape.test(id) ? id : null;
}
