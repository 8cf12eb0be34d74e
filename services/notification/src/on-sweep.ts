import type { InternalRoute } from "@carillon/kit/service";
import type { Courier } from "./courier.ts";

/**
 * `POST /internal/sweep`: Dapr's cron binding `reminder-cron` triggers a comparison with api. The
 * courier also runs it on its own timer; both wake one loop, so nothing runs twice. At its start a
 * sidecar asks with OPTIONS whether the route exists, and calls it only then.
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
