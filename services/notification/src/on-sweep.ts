import { Elysia } from "elysia";
import type { Courier } from "./courier.ts";

/**
 * `POST /internal/sweep`: Dapr's cron binding `reminder-cron` has the ledger compared with api now. The courier does the same by itself; both
 * ring one bell, so nothing runs twice. A sidecar asks with OPTIONS at its start whether there is such a route, and calls it only then.
 */
export const onSweepRoute = ({ courier }: { courier: Pick<Courier, "sweep"> }) =>
  new Elysia()
    .options("/internal/sweep", () => new Response(null, { status: 204 }), { detail: { hide: true } })
    .post(
      "/internal/sweep",
      () => {
        courier.sweep();
        return new Response(null, { status: 204 });
      },
      { parse: "none", detail: { hide: true } },
    );
