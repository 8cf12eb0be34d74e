import type { CloudEvent } from "@carillon/contracts/event";
import { pubsubName, type ServiceName, type Topic } from "@carillon/contracts/names";
import {
  currentTrace,
  isRecording,
  parseTraceparent,
  type Span,
  startSpan,
  type Trace,
  traceparentOf,
  withTrace,
} from "@carillon/kit/observe";
import type { Verdict } from "./verdict.ts";

type Delivery = { service: ServiceName; topic: Topic };

/**
 * The verdicts that `handle` gives on events, each event within a span in its own trace: a child of
 * its publication, linked to its delivery, and from here on its `traceparent`. Work for a whole
 * batch is part of their trace when they share one, else of the delivery's.
 */
export async function inEventSpans<Data>(
  delivery: Delivery,
  events: CloudEvent<Data>[],
  handle: (events: CloudEvent<Data>[]) => Promise<Verdict[]>,
): Promise<Verdict[]> {
  const own = events.map(({ traceparent }) => parseTraceparent(traceparent));
  if (!isRecording()) return inShared(own, () => handle(events));
  const spans = events.map((event, at) => startSpan(spanOptions(delivery, event, own[at] ?? null)));
  const traces = spans.map(({ trace }) => trace);
  try {
    const handled = events.map((event, at) => {
      const trace = traces[at];
      return trace ? { ...event, traceparent: traceparentOf(trace) } : event;
    });
    const verdicts = await inShared(traces, () => handle(handled));
    for (const [at, span] of spans.entries()) note(span, verdicts[at]);
    return verdicts;
  } finally {
    for (const span of spans) span.end();
  }
}

function spanOptions({ service, topic }: Delivery, event: CloudEvent, parent: Trace | null) {
  const delivery = currentTrace();
  return {
    name: `process ${topic}`,
    kind: "consumer" as const,
    parent,
    links: delivery && delivery.traceId !== parent?.traceId ? [delivery] : [],
    service,
    attributes: {
      "messaging.system": pubsubName,
      "messaging.operation.type": "process",
      "messaging.destination.name": topic,
      "messaging.consumer.group.name": service,
      "messaging.message.id": event.id,
      "cloudevents.event_type": event.type,
    },
  };
}

async function inShared<Result>(traces: readonly (Trace | null)[], work: () => Promise<Result>): Promise<Result> {
  const [first] = traces;
  return first && traces.every((trace) => trace?.traceId === first.traceId) ? withTrace(first, work) : work();
}

function note(span: Span, verdict: Verdict | undefined): void {
  const kind = verdict?.kind ?? "retry";
  span.set({ "carillon.verdict": kind });
  if (kind !== "done") span.fail(kind);
}
