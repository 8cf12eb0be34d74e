import type { Dashboard } from "../src/dashboard.ts";
import { platform, processes } from "../src/foreign-metrics.ts";
import { ours } from "../src/metric.ts";
import { graph, stat, table } from "../src/panel.ts";
import { frequency, howMany, increase, least, most, quantile, rate, ratio } from "../src/query.ts";

const requests = ours.httpRequestDuration;

export const services: Dashboard = {
  uid: "services",
  title: "Services",
  description: "Each service as a process: requests, errors, latency, CPU, memory, restarts.",
  sections: [
    {
      title: "Requests",
      panels: [
        graph({
          title: "Requests by service",
          description: "All requests to a service, probes included.",
          unit: "reqps",
          queries: [{ expr: frequency(requests, { by: ["service"] }), legend: "{{service}}" }],
        }),
        graph({
          title: "Errors by service",
          description: "Share of 5xx responses.",
          unit: "percentunit",
          queries: [
            {
              expr: ratio(
                frequency(requests, { by: ["service"], where: { status: "=~5.." } }),
                frequency(requests, { by: ["service"] }),
              ),
              legend: "{{service}}",
            },
          ],
        }),
        graph({
          title: "Orphaned work",
          description: "Rejections that nothing awaited. Must be 0; the log names the requests they may come from.",
          unit: "short",
          queries: [{ expr: increase(ours.orphanedRejections, { by: ["job"], window: "5m" }), legend: "{{job}}" }],
        }),
        graph({
          title: "Latency by service",
          description: "95th percentile of all requests except probes.",
          unit: "s",
          queries: [
            {
              expr: quantile(0.95, requests, { by: ["service"], where: { route: "!~/(health.*|ready|metrics)" } }),
              legend: "{{service}}",
            },
          ],
        }),
        table({
          title: "Slowest routes",
          description: "The ten routes with the highest 95th percentile.",
          unit: "s",
          links: [{ title: "Traces in Zipkin", url: "$" + "{zipkin}/zipkin/?limit=50&lookback=1h" }],
          queries: [{ expr: `topk(10, ${quantile(0.95, requests, { by: ["service", "route"], window: "10m" })})` }],
        }),
        graph({
          title: "Rejected",
          description:
            "429: over a limit; 401: without a session; 503: the database was away or an answer took too long.",
          unit: "reqps",
          queries: [
            {
              expr: frequency(requests, { by: ["service", "status"], where: { status: "=~401|429|503" } }),
              legend: "{{service}} {{status}}",
            },
          ],
        }),
        graph({
          title: "Large responses in flight",
          description:
            "Exports and large pages that their readers have not taken whole; a process has 64 places. Below: refused or cut.",
          unit: "short",
          queries: [
            { expr: most(ours.openAnswers, { by: ["job"] }), legend: "{{job}}" },
            { expr: increase(ours.answersEnded, { by: ["how"], window: "5m" }), legend: "{{how}}" },
          ],
        }),
        graph({
          title: "Outbox",
          description: "Age of the oldest change that the broker has not accepted.",
          unit: "s",
          queries: [{ expr: most(ours.outboxOldestAge, { by: ["instance"] }), legend: "{{instance}}" }],
        }),
      ],
    },
    {
      title: "Processes",
      panels: [
        stat({
          title: "Targets down",
          description: "Processes that Prometheus cannot scrape.",
          unit: "short",
          queries: [{ expr: `${howMany(platform.up)} - sum (${platform.up.name})` }],
          badFrom: 1,
        }),
        stat({
          title: "Youngest process",
          description: "Seconds since the last start of any process: small numbers mean restarts.",
          unit: "s",
          queries: [
            { expr: `time() - max (${processes.startedAt.name} and on (instance) ${ours.outboxPending.name})` },
          ],
        }),
        stat({
          title: "Restarts",
          description: "Restarts of containers within the chosen time.",
          unit: "short",
          queries: [{ expr: increase(platform.restarts, { where: { namespace: "carillon" } }) }],
          warnFrom: 1,
          badFrom: 5,
        }),
        stat({
          title: "Scrapes that work",
          description: "The worst job: 1 means every process of each job answers.",
          unit: "percentunit",
          queries: [{ expr: `min (avg by (job) (${platform.up.name}))` }],
          warnFrom: 1,
          badFrom: 0.5,
        }),
        graph({
          title: "CPU",
          description: "Cores each process uses.",
          unit: "short",
          queries: [{ expr: rate(processes.cpu, { by: ["job", "instance"] }), legend: "{{job}} {{instance}}" }],
        }),
        graph({
          title: "Memory",
          description: "Memory each process holds.",
          unit: "bytes",
          queries: [{ expr: most(processes.memory, { by: ["job", "instance"] }), legend: "{{job}} {{instance}}" }],
        }),
        graph({
          title: "Event loop",
          description: "How late the event loop is, 99th percentile. Above 100 ms something computes for too long.",
          unit: "s",
          queries: [{ expr: most(processes.eventLoopLag, { by: ["job"] }), legend: "{{job}}" }],
        }),
        graph({
          title: "Stuck background loops",
          description: "Turns that did not end and were abandoned. Zero; anything else is a defect.",
          unit: "short",
          queries: [{ expr: increase(ours.loopRestarts, { by: ["loop"] }), legend: "{{loop}}" }],
        }),
        graph({
          title: "Clocks",
          description: "Each process's clock minus the database's. Reminders follow the database's alone.",
          unit: "s",
          queries: [{ expr: most(ours.databaseClockSkew, { by: ["instance"] }), legend: "{{instance}}" }],
        }),
        graph({
          title: "Open files",
          description: "File descriptors: sockets of browsers, the sidecar, the database.",
          unit: "short",
          queries: [{ expr: most(processes.openFiles, { by: ["job", "instance"] }), legend: "{{job}} {{instance}}" }],
        }),
      ],
    },
    {
      title: "Pods and nodes",
      panels: [
        graph({
          title: "CPU by pod",
          description: "Cores each pod uses, sidecar included.",
          unit: "short",
          queries: [
            {
              expr: rate(platform.cpu, { by: ["pod"], where: { namespace: "carillon", container: "!=" } }),
              legend: "{{pod}}",
            },
          ],
        }),
        graph({
          title: "Memory by pod",
          description: "Working set of each pod, sidecar included.",
          unit: "bytes",
          queries: [
            {
              expr: `sum by (pod) (${platform.memory.name}{namespace="carillon",container!=""})`,
              legend: "{{pod}}",
            },
          ],
        }),
        graph({
          title: "CPU by node",
          description: "Cores used on each node, everything counted.",
          unit: "short",
          queries: [{ expr: rate(platform.cpu, { by: ["node"], where: { container: "!=" } }), legend: "{{node}}" }],
        }),
        graph({
          title: "Space on volumes",
          description: "Share that is free, by claim.",
          unit: "percentunit",
          queries: [
            {
              expr: `${least(platform.volumeFree, { by: ["persistentvolumeclaim"] })} / ${least(platform.volumeSize, { by: ["persistentvolumeclaim"] })}`,
              legend: "{{persistentvolumeclaim}}",
            },
          ],
        }),
      ],
    },
  ],
};
