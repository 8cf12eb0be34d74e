import type { Dashboard } from "../src/dashboard.ts";
import { dapr } from "../src/foreign-metrics.ts";
import { ours } from "../src/metric.ts";
import { graph, stat } from "../src/panel.ts";
import { increase, most, quantile, rate, within } from "../src/query.ts";

export const reminders: Dashboard = {
  uid: "reminders",
  title: "Reminders",
  description: "Whether every due reminder has rung, once and on time.",
  sections: [
    {
      title: "Every reminder is accounted for",
      panels: [
        stat({
          title: "Sent",
          description: "Reminders mailed within the selected time range.",
          unit: "short",
          queries: [{ expr: increase(ours.remindersSent) }],
        }),
        stat({
          title: "Failed",
          description: "Rejected by the mail provider, or not accepted for a day. Users see them as failed.",
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
          description: "Share of reminders that rang at most one second late.",
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
          title: "Ended, by result",
          description: "Ended reminders per second.",
          unit: "ops",
          queries: [
            { expr: rate(ours.remindersSent), legend: "sent" },
            { expr: rate(ours.remindersFailed), legend: "failed" },
            { expr: rate(ours.remindersMissed), legend: "missed (over 24 h late)" },
          ],
        }),
        graph({
          title: "Due within the last 24 hours",
          description: "By state. A growing pending count means that mail is not going out.",
          unit: "short",
          stacked: true,
          queries: [{ expr: most(ours.remindersDue, { by: ["state"] }), legend: "{{state}}" }],
        }),
        graph({
          title: "Unaccounted over time",
          description:
            "Above zero only briefly; if it lasts for minutes, api and notification cannot reach each other.",
          unit: "short",
          queries: [{ expr: most(ours.remindersUnaccounted), legend: "unaccounted" }],
        }),
      ],
    },
    {
      title: "Mail and alarms",
      panels: [
        graph({
          title: "Mail send attempts",
          description: "By result. Failures are retried for 24 hours.",
          unit: "ops",
          queries: [{ expr: rate(ours.reminderSends, { by: ["outcome"] }), legend: "{{outcome}}" }],
        }),
        graph({
          title: "Alarms rung",
          description: "The scheduler's jobs. Alarms are hints: the sweep finds lost ones within ten seconds.",
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
          description: "How long api takes to decide whether a reminder may ring, 95th percentile.",
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
