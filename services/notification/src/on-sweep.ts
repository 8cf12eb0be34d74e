import type { InternalRoute } from "@carillon/kit/service";
import type { Courier } from "./courier.ts";

/**
 * `POST /internal/sweep`: Dapr's cron binding `reminder-cron` has the ledger compared with api now. The courier does the same by itself; both
 * ring one bell, so nothing runs twice. A sidecar asks with OPTIONS at its start whether there is such a route, and calls it only then.
 */
export const onSweepRoutes = ({ courier }: { courier: Pick<Courier, "sweep"> }): InternalRoute[] => [
  {
    method: "OPTIONS",
    path: "/internal/sweep",
    callers: ["sidecar"],
    handle: () => new Response(null, { status: 204 }),
  },
  {
    method: "POST",
    path: "/internal/sweep",
    callers: ["sidecar"],
    handle() {
      courier.sweep();
      return new Response(null, { status: 204 });
    },
  },
];
