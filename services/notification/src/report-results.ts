import { mostAtOnce, type ReminderResult } from "@carillon/contracts/http/reminders";
import { inBatchSpan, parseTraceparent, type Trace } from "@carillon/kit/observe";
import { askApi } from "./ask-api.ts";
import type { NotificationDeps } from "./deps.ts";
import { noteReported, noteUnreported, takeReports, type Unreported } from "./ledger/reports.ts";
import { causeOf } from "./plan.ts";

/**
 * Reports the ends of reminders to api; returns whether more are probably left. @throws when api does
 * not accept it; then it is reported again.
 */
export async function reportResults({ sql, invoke }: Pick<NotificationDeps, "sql" | "invoke">): Promise<boolean> {
  const unreported = await takeReports(sql, mostAtOnce);
  if (unreported.length === 0) return false;
  const results = unreported.flatMap((one) => resultOf(one) ?? []);
  try {
    if (results.length > 0)
      await inBatchSpan({ name: "report", kind: "internal", service: "notification" }, tracesOf(unreported), async () =>
        askApi(invoke).report(results),
      );
  } catch (error) {
    await noteUnreported(sql, unreported);
    throw error;
  }
  await noteReported(sql, unreported);
  return unreported.length === mostAtOnce;
}

const tracesOf = (reports: readonly Unreported[]): Trace[] =>
  reports.flatMap(({ status, traceparent }) => (status === "cancelled" ? [] : (parseTraceparent(traceparent) ?? [])));

/** Null for what api itself cancelled. */
function resultOf({ reminderId: id, generation, status, attempts, at, ...of }: Unreported): ReminderResult | null {
  if (status === "cancelled") return null;
  const cause = causeOf(of);
  return {
    id,
    generation,
    outcome: status === "pending" ? "tried" : status,
    attempts,
    at: at.toISOString(),
    ...(cause ? { cause: { correlation_id: cause.correlationId, causation_id: cause.causationId } } : {}),
  };
}
