import type { Dashboard } from "../src/dashboard.ts";
import { dapr } from "../src/foreign-metrics.ts";
import { ours } from "../src/metric.ts";
import { graph, stat } from "../src/panel.ts";
import { increase, most, quantile, rate, within } from "../src/query.ts";

export const reminders: Dashboard = {
  uid: "reminders",
  title: "Reminders",
  description: "Whether every reminder that was due has rung, once and in time.",
  sections: [
    {
      title: "Every reminder is accounted for",
      panels: [
        stat({
          title: "Sent",
          description: "Reminders whose mail went out within the chosen time.",
          unit: "short",
          queries: [{ expr: increase(ours.remindersSent) }],
        }),
        stat({
          title: "Failed",
          description: "Refused by the mail provider, or not taken for a day. The person sees them as failed.",
          unit: "short",
          queries: [{ expr: increase(ours.remindersFailed) }],
          warnFrom: 1,
          badFrom: 10,
        }),
        stat({
          title: "Unaccounted",
          description:
            "Due for more than 30 s and neither sent, cancelled, failed, missed nor pending on both sides. Zero at any quiet moment.",
          unit: "short",
          queries: [{ expr: most(ours.remindersUnaccounted) }],
          badFrom: 1,
        }),
        stat({
          title: "Within a second",
          description: "Share of reminders that rang at most one second after their instant.",
          unit: "percentunit",
          queries: [{ expr: within(1, ours.reminderDeliveryLatency, { window: "$__range" }) }],
          warnFrom: 0.99,
          badFrom: 0.95,
        }),
        graph({
          title: "Delivery latency",
          description:
            "Time from a reminder's instant to the provider's taking its mail. Never early; p99 within a second.",
          unit: "s",
          queries: [
            { expr: quantile(0.5, ours.reminderDeliveryLatency), legend: "p50" },
            { expr: quantile(0.95, ours.reminderDeliveryLatency), legend: "p95" },
            { expr: quantile(0.99, ours.reminderDeliveryLatency), legend: "p99" },
          ],
        }),
        graph({
          title: "Ended, by how",
          description: "Reminders that came to an end, a second.",
          unit: "ops",
          queries: [
            { expr: rate(ours.remindersSent), legend: "sent" },
            { expr: rate(ours.remindersFailed), legend: "failed" },
            { expr: rate(ours.remindersMissed), legend: "missed (over 24 h late)" },
          ],
        }),
        graph({
          title: "Due within the last 24 hours",
          description: "By what has become of them. Pending that grows: mail does not go out.",
          unit: "short",
          stacked: true,
          queries: [{ expr: most(ours.remindersDue, { by: ["state"] }), legend: "{{state}}" }],
        }),
        graph({
          title: "Unaccounted over time",
          description: "Zero but for a moment; minutes of it mean that api and notification cannot reach each other.",
          unit: "short",
          queries: [{ expr: most(ours.remindersUnaccounted), legend: "unaccounted" }],
        }),
      ],
    },
    {
      title: "Mail and alarms",
      panels: [
        graph({
          title: "Tries to hand over mail",
          description: "By how they ended. A failure is tried again for 24 hours.",
          unit: "ops",
          queries: [{ expr: rate(ours.reminderSends, { by: ["outcome"] }), legend: "{{outcome}}" }],
        }),
        graph({
          title: "Alarms rung",
          description: "Jobs of the scheduler. It is a hint: what it forgets, the sweep finds within ten seconds.",
          unit: "ops",
          queries: [
            { expr: rate(dapr.jobsTriggered), legend: "rung" },
            { expr: rate(dapr.jobsFailed), legend: "failed" },
          ],
        }),
        graph({
          title: "Lag of notification",
          description: "Age of the oldest reminder event that notification has not settled.",
          unit: "s",
          queries: [{ expr: most(ours.kafkaConsumerLagSeconds, { where: { group: "notification" } }), legend: "lag" }],
        }),
        graph({
          title: "Claims",
          description: "How long api takes to say whether a reminder may ring, 95th percentile.",
          unit: "s",
          queries: [
            {
              expr: quantile(0.95, ours.httpRequestDuration, {
                where: { service: "api", route: "/internal/reminders/claim" },
              }),
              legend: "p95",
            },
          ],
        }),
      ],
    },
  ],
};
