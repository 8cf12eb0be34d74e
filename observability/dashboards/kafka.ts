import type { Dashboard } from "../src/dashboard.ts";
import { dapr, platform } from "../src/foreign-metrics.ts";
import { ours } from "../src/metric.ts";
import { bars, graph, stat } from "../src/panel.ts";
import { increase, most, rate, select, total } from "../src/query.ts";

const letters = select(ours.kafkaDeadLetters);
/** Dead letters stay until the topic's retention removes them, settled or not: only new ones count. */
export const newLetters = `sum (${letters} - min_over_time(${letters}[$__range]))`;

export const kafka: Dashboard = {
  uid: "kafka",
  title: "Kafka",
  description: "Topics, consumer lag, partition distribution and dead letters.",
  sections: [
    {
      title: "Consumers",
      panels: [
        stat({
          title: "Worst lag",
          description: "Age of the oldest event that a consumer has not settled. Below one second under normal load.",
          unit: "s",
          queries: [{ expr: most(ours.kafkaConsumerLagSeconds) }],
          warnFrom: 1,
          badFrom: 10,
        }),
        stat({
          title: "Events behind",
          description: "Unsettled events over all consumers and partitions.",
          unit: "short",
          queries: [{ expr: total(ours.kafkaConsumerLagMessages) }],
          warnFrom: 1_000,
          badFrom: 10_000,
        }),
        stat({
          title: "New dead letters",
          description:
            "Events parked within the chosen time because they could not be handled; `ops dlq list` names them.",
          unit: "short",
          queries: [{ expr: newLetters }],
          badFrom: 1,
        }),
        stat({
          title: "Oldest unpublished event",
          description: "How long the oldest committed change has been waiting for the broker.",
          unit: "s",
          queries: [{ expr: most(ours.outboxOldestAge) }],
          warnFrom: 2,
          badFrom: 60,
        }),
        graph({
          title: "Lag by consumer",
          description: "Age of the oldest unsettled event, the worst partition of each consumer group and topic.",
          unit: "s",
          queries: [
            { expr: most(ours.kafkaConsumerLagSeconds, { by: ["group", "topic"] }), legend: "{{group}} ← {{topic}}" },
          ],
        }),
        graph({
          title: "Events behind by consumer",
          description: "Unsettled events of each consumer group and topic.",
          unit: "short",
          queries: [
            { expr: total(ours.kafkaConsumerLagMessages, { by: ["group", "topic"] }), legend: "{{group}} ← {{topic}}" },
          ],
        }),
        graph({
          title: "Verdicts",
          description: "Consumers' verdicts: done, retry (delivered again) or drop (dead-lettered).",
          unit: "ops",
          queries: [
            { expr: rate(ours.eventsHandled, { by: ["service", "verdict"] }), legend: "{{service}} {{verdict}}" },
          ],
        }),
        graph({
          title: "Parked",
          description: "Events dead-lettered within five minutes, by consumer.",
          unit: "short",
          queries: [
            {
              expr: increase(ours.deadLetters, { by: ["service", "topic"], window: "5m" }),
              legend: "{{service}} ← {{topic}}",
            },
          ],
        }),
        graph({
          title: "Dead letters by topic",
          description: "Messages in each topic, including settled ones until its retention removes them.",
          unit: "short",
          queries: [{ expr: total(ours.kafkaDeadLetters, { by: ["topic"] }), legend: "{{topic}}" }],
        }),
      ],
    },
    {
      title: "Topics",
      panels: [
        graph({
          title: "Events written",
          description: "Events a second, by topic.",
          unit: "ops",
          queries: [
            {
              expr: `sum by (topic) (deriv(${select(ours.kafkaTopicEndOffset)}[$__rate_interval]))`,
              legend: "{{topic}}",
            },
          ],
        }),
        graph({
          title: "Outbox",
          description: "Events the relay publishes, and events waiting.",
          unit: "short",
          queries: [
            { expr: rate(ours.outboxPublished), legend: "published a second" },
            { expr: total(ours.outboxPending), legend: "waiting" },
          ],
        }),
        bars({
          title: "Partition distribution",
          description:
            "Events written to each partition of task-events within the last hour. A user is always on one partition: a long bar is a busy user, a missing one an idle partition.",
          unit: "short",
          queries: [
            {
              expr: `sum by (partition) (delta(${select(ours.kafkaTopicEndOffset, { topic: "task-events" })}[1h]))`,
              legend: "partition {{partition}}",
            },
          ],
        }),
        bars({
          title: "Lag by partition",
          description:
            "Events behind in each partition of task-events, over its consumers. One long bar: a poison event or a stuck consumer; all alike: too few consumers.",
          unit: "short",
          queries: [
            {
              expr: total(ours.kafkaConsumerLagMessages, { by: ["partition"], where: { topic: "task-events" } }),
              legend: "partition {{partition}}",
            },
          ],
        }),
      ],
    },
    {
      title: "Broker",
      panels: [
        graph({
          title: "Bytes",
          description: "Produced and consumed, by topic (Redpanda's own count).",
          unit: "Bps",
          queries: [
            {
              expr: rate(platform.brokerBytes, { by: ["redpanda_topic", "redpanda_request"] }),
              legend: "{{redpanda_topic}} {{redpanda_request}}",
            },
          ],
        }),
        stat({
          title: "Under-replicated",
          description: "Replicas that lag behind their leader.",
          unit: "short",
          queries: [{ expr: total(platform.brokerUnderReplicated) }],
          badFrom: 1,
        }),
        stat({
          title: "Rejected publishes",
          description: "Bulk publishes the broker rejected within the selected time range, counted by the sidecars.",
          unit: "short",
          queries: [{ expr: increase(dapr.published, { where: { success: "false" } }) }],
          warnFrom: 1,
          badFrom: 100,
        }),
      ],
    },
  ],
};
