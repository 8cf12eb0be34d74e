import { type Static, Type } from "@sinclair/typebox";
import { Instant } from "./shared.ts";

const Count = Type.Integer({ minimum: 0 });

/**
 * The product in numbers, for its operator: nothing of one account. `active_…`: accounts with a session or access token that was used in the
 * last day, week and 30 days. `events_day`: what happened in the last day, by event type.
 */
export const Stats = Type.Object({
  at: Instant,
  accounts: Type.Object({
    total: Count,
    verified: Count,
    active_day: Count,
    active_week: Count,
    active_month: Count,
  }),
  live_tasks: Count,
  tags: Count,
  events_day: Type.Record(Type.String(), Count, { description: "task.created, task.completed, reminder.sent …" }),
});
export type Stats = Static<typeof Stats>;
