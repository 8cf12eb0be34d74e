import type { Dashboard } from "../src/dashboard.ts";
import { ours } from "../src/metric.ts";
import { graph, stat, table } from "../src/panel.ts";
import { count, frequency, quantile, rate, ratio, total, within } from "../src/query.ts";

const requests = ours.httpRequestDuration;
const pages = { service: "web", route: "!~/(health.*|ready|metrics|stream|ws)" } as const;

export const web: Dashboard = {
  uid: "web",
  title: "Web",
  description: "What people in a browser see: pages, forms, live updates.",
  sections: [
    {
      title: "Pages",
      panels: [
        stat({
          title: "Pages and forms",
          description: "Asked for within the chosen time.",
          unit: "short",
          queries: [{ expr: count(requests, { where: pages }) }],
        }),
        stat({
          title: "Within 500 ms",
          description: "Share of pages answered within half a second.",
          unit: "percentunit",
          queries: [{ expr: within(0.5, requests, { where: pages, window: "$__range" }) }],
          warnFrom: 0.99,
          badFrom: 0.95,
        }),
        stat({
          title: "Error pages",
          description: "Share of pages that said something went wrong on our side.",
          unit: "percentunit",
          queries: [
            {
              expr: ratio(
                frequency(requests, { where: { ...pages, status: "=~5.." }, window: "$__range" }),
                frequency(requests, { where: pages, window: "$__range" }),
              ),
            },
          ],
          warnFrom: 0.001,
          badFrom: 0.005,
        }),
        stat({
          title: "Live pages",
          description: "Browsers that follow changes now.",
          unit: "short",
          queries: [{ expr: total(ours.openStreams, { where: { kind: "sse" } }) }],
        }),
        graph({
          title: "Requests by method",
          description: "GET: pages; POST: forms and buttons.",
          unit: "reqps",
          queries: [{ expr: frequency(requests, { by: ["method"], where: pages }), legend: "{{method}}" }],
        }),
        graph({
          title: "Answers by status",
          description: "303 follows a form that worked; 422 shows it again with what is wrong.",
          unit: "reqps",
          stacked: true,
          queries: [{ expr: frequency(requests, { by: ["status"], where: pages }), legend: "{{status}}" }],
        }),
        graph({
          title: "Time of a page",
          description: "From request to answer, api's part included.",
          unit: "s",
          queries: [
            { expr: quantile(0.5, requests, { where: pages }), legend: "p50" },
            { expr: quantile(0.95, requests, { where: pages }), legend: "p95" },
          ],
        }),
        table({
          title: "Slowest pages",
          description: "The ten with the highest 95th percentile.",
          unit: "s",
          links: [{ title: "Traces of web in Zipkin", url: "$" + "{zipkin}/zipkin/?serviceName=web&lookback=1h" }],
          queries: [{ expr: `topk(10, ${quantile(0.95, requests, { by: ["route"], where: pages, window: "10m" })})` }],
        }),
        graph({
          title: "Sign-in",
          description:
            "Tries to sign in or up at api, by status: 401 a wrong password, 429 too many from one client or for one account.",
          unit: "reqps",
          queries: [
            {
              expr: frequency(requests, { by: ["status"], where: { service: "api", route: "=~/api/sign(in|up)" } }),
              legend: "{{status}}",
            },
          ],
        }),
        graph({
          title: "Passwords",
          description: "Tried passwords by outcome: limited and busy were not judged.",
          unit: "reqps",
          stacked: true,
          queries: [{ expr: rate(ours.authAttempts, { by: ["outcome"] }), legend: "{{outcome}}" }],
        }),
        graph({
          title: "Turned away",
          description: "429: a person over the pages a minute allows.",
          unit: "reqps",
          queries: [
            {
              expr: frequency(requests, { by: ["service"], where: { service: "=~web|api", status: "429" } }),
              legend: "{{service}}",
            },
          ],
        }),
      ],
    },
  ],
};
