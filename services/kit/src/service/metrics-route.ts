import { Elysia } from "elysia";
import { registry } from "../observe/metrics.ts";
import { isThisMachine } from "./callers.ts";
import { notFound } from "./problem.ts";
import { contextOf } from "./request-context.ts";

const hidden = { detail: { hide: true } };

/** `GET /metrics` for Prometheus, on the internal listener. */
export const metricsRoute = () => new Elysia().get("/metrics", figures, hidden);

/** `GET /metrics` without an internal listener: it answers programs on this machine, and no client behind a proxy. */
export const ownMetricsRoute = () =>
  new Elysia().get(
    "/metrics",
    async ({ request }) => {
      const isCarried = request.headers.has("x-forwarded-for") || request.headers.has("forwarded");
      if (isCarried || !isThisMachine(contextOf(request).peer())) throw notFound();
      return figures();
    },
    hidden,
  );

const figures = async (): Promise<Response> =>
  new Response(await registry.metrics(), { headers: { "content-type": registry.contentType } });
