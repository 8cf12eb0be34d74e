import { pubsubName } from "@carillon/contracts/names";
import { inBatchSpan, isRecording, parseTraceparent, type Span, startSpan, traceparentOf } from "@carillon/kit/observe";
import type { EventBus, Message } from "@carillon/kit/ports";

/**
 * Publishes each message within a span in the trace of its change, and passes that span on as the
 * event's `traceparent`, so that a consumer's work is this publication's child. Without a recorder,
 * events go as they were written.
 */
export async function publishTraced(bus: EventBus, service: string, messages: readonly Message[]): Promise<void> {
  if (!isRecording()) return bus.publish(messages);
  const sent = messages.map((message) => ({ message, span: spanOf(service, message) }));
  const traces = sent.map(({ span }) => span.trace);
  const attributes = { "messaging.system": pubsubName, "messaging.batch.message_count": messages.length };
  try {
    await inBatchSpan({ name: "publish", kind: "client", service, attributes }, traces, async () =>
      bus.publish(sent.map(({ message, span }) => carrying(message, span))),
    );
  } catch (error) {
    for (const { span } of sent) span.fail("not_taken");
    throw error;
  } finally {
    for (const { span } of sent) span.end();
  }
}

const spanOf = (service: string, { topic, event }: Message): Span =>
  startSpan({
    name: `send ${topic}`,
    kind: "producer",
    parent: parseTraceparent(event.traceparent),
    service,
    attributes: {
      "messaging.system": pubsubName,
      "messaging.operation.type": "send",
      "messaging.destination.name": topic,
      "messaging.message.id": event.id,
      "cloudevents.event_type": event.type,
    },
  });

const carrying = (message: Message, { trace }: Span): Message => ({
  ...message,
  event: { ...message.event, traceparent: traceparentOf(trace) },
});
