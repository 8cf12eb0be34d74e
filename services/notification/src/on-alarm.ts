import { currentTrace, type Log, linkTrace, parseTraceparent, type Trace } from "@carillon/kit/observe";
import type { InternalRoute } from "@carillon/kit/service";
import type { Courier } from "./courier.ts";
import { planOfAlarm } from "./plan.ts";

/**
 * `POST /job/<name>`: an alarm rings. It is only a hint: the ledger decides what is due, so a stale,
 * forged or early one sends nothing. Every name is answered with 200, because Dapr deletes a job on
 * 404 and would repeat it on other failures.
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
    } else log.warn("alarm: unknown name", { alarm: name.slice(0, 100) });
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
