import type { Dashboard } from "../src/dashboard.ts";
import { platform, recorded } from "../src/foreign-metrics.ts";
import { ours } from "../src/metric.ts";
import { graph, stat, table } from "../src/panel.ts";
import { frequency, increase, most, quantile, ratio, total, within } from "../src/query.ts";
import { availability, failedRequests, inTime, slowSeconds, userRequests } from "../src/requests.ts";
import { newLetters } from "./kafka.ts";

const failedShare = (window: string): string =>
  ratio(
    frequency(ours.httpRequestDuration, { where: failedRequests, window }),
    frequency(ours.httpRequestDuration, { where: userRequests, window }),
  );

export const slo: Dashboard = {
  uid: "slo",
  title: "Is the product well?",
  description: "The promises made to people on one screen: look here first, then follow what is not green.",
  sections: [
    {
      title: "Promises",
      panels: [
        stat({
          title: "Error budget left",
          description: `Of the last 7 days: ${availability * 100} % of requests are answered without a fault of ours. Below zero the promise is broken.`,
          unit: "percentunit",
          queries: [{ expr: `1 - (${failedShare("7d")} or vector(0)) / ${(1 - availability).toFixed(3)}` }],
          warnFrom: 0.5,
          badFrom: 0.1,
        }),
        stat({
          title: "Answered in time",
          description: `Share of requests answered within ${slowSeconds * 1_000} ms; ${inTime * 100} % is promised.`,
          unit: "percentunit",
          queries: [{ expr: within(slowSeconds, ours.httpRequestDuration, { where: userRequests, window: "1h" }) }],
          warnFrom: 0.99,
          badFrom: inTime,
        }),
        stat({
          title: "Reminders within a second",
          description: "Share of the last hour's reminders that rang at most one second late; 99 % is promised.",
          unit: "percentunit",
          queries: [{ expr: within(1, ours.reminderDeliveryLatency, { window: "1h" }) }],
          warnFrom: 0.995,
          badFrom: 0.99,
        }),
        stat({
          title: "Events published within 2.5 s",
          description:
            "Share of the last hour's changes the broker had taken by then; 99 % within two seconds is promised.",
          unit: "percentunit",
          queries: [{ expr: within(2.5, ours.outboxPublishLatency, { window: "1h" }) }],
          warnFrom: 0.995,
          badFrom: 0.99,
        }),
        stat({
          title: "Unaccounted reminders",
          description: "Due and unaccounted for. Zero at any quiet moment.",
          unit: "short",
          queries: [{ expr: most(ours.remindersUnaccounted) }],
          badFrom: 1,
        }),
        stat({
          title: "New dead letters",
          description: "Events that could not be handled within the chosen time and wait for an operator.",
          unit: "short",
          queries: [{ expr: `${newLetters} or ${increase(ours.deadLetters)}` }],
          badFrom: 1,
        }),
        stat({
          title: "Consumer lag",
          description: "Age of the oldest event that some consumer has not settled.",
          unit: "s",
          queries: [{ expr: most(ours.kafkaConsumerLagSeconds) }],
          warnFrom: 1,
          badFrom: 10,
        }),
        stat({
          title: "Live connections",
          description: "Browsers and programs that see changes as they happen.",
          unit: "short",
          queries: [{ expr: total(ours.openStreams) }],
        }),
        table({
          title: "Alerts",
          description: "What is firing now. Each alert names its runbook.",
          unit: "short",
          queries: [
            { expr: total(platform.alerts, { by: ["alertname", "severity"], where: { alertstate: "firing" } }) },
          ],
        }),
        graph({
          title: "Failed requests",
          description: "Share of requests answered with a fault of ours, in the windows the burn alerts look at.",
          unit: "percentunit",
          queries: [
            { expr: recorded.errorRatio5m.name, legend: "5 min" },
            { expr: recorded.errorRatio1h.name, legend: "1 h" },
            { expr: recorded.errorRatio6h.name, legend: "6 h" },
          ],
        }),
      ],
    },
    {
      title: "Use",
      panels: [
        graph({
          title: "Requests",
          description: "Of people and programs, by service.",
          unit: "reqps",
          queries: [
            {
              expr: frequency(ours.httpRequestDuration, { by: ["service"], where: userRequests }),
              legend: "{{service}}",
            },
          ],
        }),
        graph({
          title: "Latency",
          description: "Of people's and programs' requests, 95th percentile.",
          unit: "s",
          queries: [
            {
              expr: quantile(0.95, ours.httpRequestDuration, { by: ["service"], where: userRequests }),
              legend: "{{service}} p95",
            },
          ],
        }),
        graph({
          title: "Changes of tasks",
          description: "Committed changes a minute, by kind.",
          unit: "short",
          stacked: true,
          queries: [
            { expr: increase(ours.taskOperations, { by: ["operation"], window: "1m" }), legend: "{{operation}}" },
          ],
        }),
        graph({
          title: "Live connections by kind",
          description: "Server-sent events (browsers) and WebSockets (programs).",
          unit: "short",
          stacked: true,
          queries: [{ expr: total(ours.openStreams, { by: ["kind"] }), legend: "{{kind}}" }],
        }),
      ],
    },
  ],
};
