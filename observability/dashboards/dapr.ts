import type { Dashboard } from "../src/dashboard.ts";
import { dapr as sidecar } from "../src/foreign-metrics.ts";
import { ours } from "../src/metric.ts";
import { graph, stat, table } from "../src/panel.ts";
import { increase, least, most, quantile, rate, ratio, total } from "../src/query.ts";

export const dapr: Dashboard = {
  uid: "dapr",
  title: "Dapr",
  description:
    "Sidecars and their components, calls between services, events out and in, and the scheduler that rings alarms.",
  sections: [
    {
      title: "Components",
      panels: [
        stat({
          title: "Component health",
          description: "1: the component responds through the sidecar; 0: it does not. The worst replica counts.",
          unit: "bool_on_off",
          width: 12,
          queries: [{ expr: least(ours.daprComponentHealth, { by: ["component"] }), legend: "{{component}}" }],
          warnFrom: 1,
          badFrom: 0.5,
        }),
        stat({
          title: "Sidecars connected",
          description: "Sidecars the scheduler can ring. One for each pod that has alarms.",
          unit: "short",
          queries: [{ expr: total(sidecar.sidecarsConnected) }],
        }),
        stat({
          title: "Components that failed to start",
          description: "Since the sidecars started. The sidecar's log names the reason.",
          unit: "short",
          queries: [{ expr: total(sidecar.componentInitFailed) }],
          badFrom: 1,
        }),
        graph({
          title: "Component health over time",
          description: "When a component was unavailable, and for how long.",
          unit: "short",
          queries: [{ expr: least(ours.daprComponentHealth, { by: ["component"] }), legend: "{{component}}" }],
        }),
        graph({
          title: "State store calls",
          description: "Reads and writes of failure notes and watermarks, by result.",
          unit: "ops",
          queries: [
            {
              expr: rate(sidecar.stateCalls, { by: ["operation", "success"] }),
              legend: "{{operation}}, success {{success}}",
            },
          ],
        }),
      ],
    },
    {
      title: "Service invocation",
      panels: [
        graph({
          title: "Calls",
          description: "Calls from one service to another.",
          unit: "reqps",
          queries: [
            {
              expr: rate(sidecar.invocationsSent, { by: ["app_id", "dst_app_id"] }),
              legend: "{{app_id}} → {{dst_app_id}}",
            },
          ],
        }),
        graph({
          title: "Success rate",
          description: "Share of answers below 500, by the calling service.",
          unit: "percentunit",
          queries: [
            {
              expr: ratio(
                rate(sidecar.invocationAnswers, { by: ["app_id"], where: { status: "!~5.." } }),
                rate(sidecar.invocationAnswers, { by: ["app_id"] }),
              ),
              legend: "{{app_id}}",
            },
          ],
        }),
        graph({
          title: "Latency",
          description: "Time until the other service answered, 95th percentile.",
          unit: "ms",
          queries: [{ expr: quantile(0.95, sidecar.invocationLatency, { by: ["app_id"] }), legend: "{{app_id}}" }],
        }),
        table({
          title: "Open circuit breakers",
          description: "Targets that a sidecar currently does not call. Should be empty.",
          unit: "short",
          queries: [
            { expr: `${most(sidecar.circuitState, { by: ["app_id", "target"], where: { status: "open" } })} > 0` },
          ],
        }),
      ],
    },
    {
      title: "Pub/sub",
      panels: [
        graph({
          title: "Delivery success rate",
          description: "Share of events an app settled on the first delivery; the rest is retried or dead-lettered.",
          unit: "percentunit",
          queries: [
            {
              expr: ratio(
                rate(sidecar.delivered, { by: ["app_id", "topic"], where: { process_status: "success" } }),
                rate(sidecar.delivered, { by: ["app_id", "topic"] }),
              ),
              legend: "{{app_id}} ← {{topic}}",
            },
            {
              expr: ratio(
                rate(sidecar.deliveredInBulk, { by: ["app_id", "topic"], where: { process_status: "SUCCESS" } }),
                rate(sidecar.deliveredInBulk, { by: ["app_id", "topic"] }),
              ),
              legend: "{{app_id}} ← {{topic}}",
            },
          ],
        }),
        graph({
          title: "Publish success rate",
          description: "Share of bulk publishes the broker accepted. The rest stays in the outbox.",
          unit: "percentunit",
          queries: [
            {
              expr: ratio(
                rate(sidecar.published, { by: ["topic"], where: { success: "true" } }),
                rate(sidecar.published, { by: ["topic"] }),
              ),
              legend: "{{topic}}",
            },
          ],
        }),
        graph({
          title: "Delivered",
          description: "Events handed to apps, by verdict.",
          unit: "ops",
          queries: [sidecar.delivered, sidecar.deliveredInBulk].map((metric) => ({
            expr: rate(metric, { by: ["app_id", "process_status"] }),
            legend: "{{app_id}} {{process_status}}",
          })),
        }),
        graph({
          title: "Delivery time",
          description:
            "How long apps take for an event (realtime: for a batch), and the broker for a publish, 95th percentile.",
          unit: "ms",
          queries: [
            { expr: quantile(0.95, sidecar.deliveryLatency, { by: ["app_id"] }), legend: "{{app_id}}" },
            { expr: quantile(0.95, sidecar.bulkDeliveryLatency, { by: ["app_id"] }), legend: "{{app_id}}" },
            { expr: quantile(0.95, sidecar.publishLatency), legend: "publish" },
          ],
        }),
      ],
    },
    {
      title: "Jobs and resiliency",
      panels: [
        graph({
          title: "Jobs rung",
          description: "Alarms the scheduler delivered, and failed deliveries. The sweep finds lost ones.",
          unit: "ops",
          queries: [
            { expr: rate(sidecar.jobsTriggered), legend: "rung" },
            { expr: rate(sidecar.jobsFailed), legend: "failed" },
          ],
        }),
        graph({
          title: "Resiliency activations",
          description: "Retries, timeouts and opened circuits within five minutes, by target.",
          unit: "short",
          queries: [
            {
              expr: increase(sidecar.resilienceActivations, { by: ["policy", "target"], window: "5m" }),
              legend: "{{policy}} {{target}}",
            },
          ],
        }),
      ],
    },
  ],
};
