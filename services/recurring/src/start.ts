import type { Host } from "@carillon/kit/service";
import { createApp, type RecurringDeps } from "./app.ts";
import { startSweep } from "./sweep.ts";

export type RecurringParts = Host & RecurringDeps;

/** recurring's app, with its sweep of completions at work. */
export function startRecurring(parts: RecurringParts) {
  parts.stops.push("the sweep of completions", startSweep(parts).stop, 6_000);
  return createApp(parts);
}
