import { currentTrace, type Log, linkTrace, parseTraceparent, type Trace } from "@carillon/kit/observe";
import type { InternalRoute } from "@carillon/kit/service";
import type { Courier } from "./courier.ts";
import { planOfAlarm } from "./plan.ts";

/**
 * `POST /job/<name>`: an alarm rings. It is a hint and nothing more: what is sent is what the ledger says is due, so a ring that is stale, forged
 * or early sends nothing. Every name is answered with 200, for Dapr forgets a job on 404 and would repeat it on other failures.
 */
export const onAlarmRoute = ({ courier, log }: { courier: Pick<Courier, "rung">; log: Log }): InternalRoute => ({
  method: "POST",
  path: "/job/*",
  callers: ["sidecar"],
  handle: async ({ params, request }) => {
    const name = params["*"] ?? "";
    const plan = planOfAlarm(name);
    if (plan) {
      const planned = plannedIn(await request.text());
      if (planned) linkTrace(planned);
      courier.rung(plan, currentTrace() ?? null);
    } else log.warn("alarm: nobody set this one", { alarm: name.slice(0, 100) });
    return new Response(null, { status: 200 });
  },
});

/** The trace in which the alarm was set, as its data says. */
function plannedIn(body: string): Trace | null {
  try {
    const data: unknown = JSON.parse(body);
    const given = typeof data === "object" && data !== null && "traceparent" in data ? data.traceparent : null;
    return typeof given === "string" ? parseTraceparent(given) : null;
  } catch {
    return null;
  }
}
