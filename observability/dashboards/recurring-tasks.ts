import type { Dashboard } from "../src/dashboard.ts";
import { ours } from "../src/metric.ts";
import { bars, graph, stat } from "../src/panel.ts";
import { bucketUpTo, count, increase, most, quantile, rate, select, within } from "../src/query.ts";

const evaluationLimitSeconds = 0.05;
const recurring = { service: "recurring" } as const;

export const recurringTasks: Dashboard = {
  uid: "recurring-tasks",
  title: "Recurring tasks",
  description: "From a completion to the next occurrence: how many, how far ahead, and how long evaluation takes.",
  sections: [
    {
      title: "Occurrences",
      panels: [
        stat({
          title: "Created",
          description: "Occurrences created within the selected time range.",
          unit: "short",
          queries: [{ expr: increase(ours.occurrencesCreated) }],
        }),
        stat({
          title: "Parked completions",
          description: "Completions without a successor until an operator acts. Must be zero.",
          unit: "short",
          queries: [{ expr: increase(ours.eventsHandled, { where: { ...recurring, verdict: "drop" } }) }],
          badFrom: 1,
        }),
        stat({
          title: "Lag",
          description:
            "Age of the oldest completion not yet settled. The next occurrence is promised within two seconds.",
          unit: "s",
          queries: [{ expr: most(ours.kafkaConsumerLagSeconds, { where: { group: "recurring" } }) }],
          warnFrom: 1,
          badFrom: 2,
        }),
        stat({
          title: "Rules within 50 ms",
          description: "Share of evaluations within the limit that every accepted rule keeps.",
          unit: "percentunit",
          queries: [{ expr: within(evaluationLimitSeconds, ours.rruleCalculation, { window: "$__range" }) }],
          warnFrom: 1,
          badFrom: 0.99,
        }),
        graph({
          title: "Creation rate",
          description: "Completions and the occurrences created from them.",
          unit: "ops",
          queries: [
            { expr: rate(ours.occurrencesCreated), legend: "occurrences created" },
            { expr: rate(ours.taskOperations, { where: { operation: "complete" } }), legend: "tasks completed" },
          ],
        }),
        bars({
          title: "Distribution of next occurrences",
          description:
            "How far ahead of the completion the next dates lie, within the chosen time; each bar holds those before it.",
          unit: "short",
          queries: [
            [3_600, "within an hour"],
            [86_400, "within a day"],
            [604_800, "within a week"],
            [1_209_600, "within two weeks"],
            [2_678_400, "within a month"],
            [7_776_000, "within three months"],
            [31_622_400, "within a year"],
            [Number.POSITIVE_INFINITY, "at all"],
          ].map(([limit, legend]) => ({
            expr: `sum (increase(${select({ name: `${ours.occurrenceLead.name}_bucket` }, { le: bucketUpTo(Number(limit)) })}[$__range]))`,
            legend: String(legend),
          })),
        }),
      ],
    },
    {
      title: "Rule evaluation",
      panels: [
        graph({
          title: "Evaluation time",
          description: "Time to evaluate one recurrence rule, over all services.",
          unit: "s",
          queries: [
            { expr: quantile(0.5, ours.rruleCalculation), legend: "p50" },
            { expr: quantile(0.95, ours.rruleCalculation), legend: "p95" },
            { expr: quantile(0.99, ours.rruleCalculation), legend: "p99" },
          ],
        }),
        graph({
          title: "Evaluations",
          description: "Rules evaluated a minute: completions, skips and previews.",
          unit: "short",
          queries: [{ expr: count(ours.rruleCalculation, { window: "1m" }), legend: "a minute" }],
        }),
        graph({
          title: "Verdicts of recurring",
          description: "done: settled; retry: api was unavailable or busy; drop: dead-lettered.",
          unit: "ops",
          queries: [{ expr: rate(ours.eventsHandled, { by: ["verdict"], where: recurring }), legend: "{{verdict}}" }],
        }),
        graph({
          title: "Calls to api",
          description: "How long api takes to create the next occurrence, by status, 95th percentile.",
          unit: "s",
          queries: [
            {
              expr: quantile(0.95, ours.httpRequestDuration, {
                by: ["status"],
                where: { service: "api", route: "/internal/tasks/:id" },
              }),
              legend: "{{status}}",
            },
          ],
        }),
      ],
    },
  ],
};
