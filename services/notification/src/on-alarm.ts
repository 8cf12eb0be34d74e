import type { Log } from "@carillon/kit/log";
import { Elysia } from "elysia";
import type { Courier } from "./courier.ts";
import { planOfAlarm } from "./plan.ts";

/** Dapr's cron binding of this name makes the sweep, too: `route: /job/reminder-cron`. */
const sweepName = "reminder-cron";

/**
 * `POST /job/<name>`: an alarm rings. It is a hint and nothing more: what is sent is what the ledger says is due, so a ring that is stale, forged
 * or early sends nothing. Every name is answered with 200, for Dapr forgets a job on 404 and would repeat it on other failures.
 */
export const onAlarmRoute = ({ courier, log }: { courier: Pick<Courier, "ring" | "sweep">; log: Log }) =>
  new Elysia().post(
    "/job/*",
    ({ params }) => {
      const name = params["*"];
      if (name === sweepName) courier.sweep();
      else if (planOfAlarm(name)) courier.ring();
      else log.warn("alarm: nobody set this one", { alarm: name.slice(0, 100) });
      return new Response(null, { status: 200 });
    },
    { parse: "none", detail: { hide: true } },
  );
