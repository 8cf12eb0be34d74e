import type { Doors, Host } from "@carillon/kit/service";
import { createApp, createInternalApp, type RecurringDeps } from "./app.ts";
import { startSweep } from "./sweep.ts";

export type RecurringParts = Host & RecurringDeps;

/** Starts recurring's doors and its sweep of completions. */
export function startRecurring(parts: RecurringParts): Doors {
  parts.stops.push("the sweep of completions", startSweep(parts).stop, 6_000);
  return { open: createApp(parts), internal: createInternalApp(parts) };
}
