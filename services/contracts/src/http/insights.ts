import { type Static, Type } from "@sinclair/typebox";
import { InstantInput, Nullable } from "./shared.ts";

/** From an instant on, this one included, to another; the last 30 days when absent. */
export const InsightsQuery = Type.Object({ from: Type.Optional(InstantInput), to: Type.Optional(InstantInput) });
export type InsightsQuery = Static<typeof InsightsQuery>;

const count = Type.Integer({ minimum: 0 });
const Day = Type.String({ examples: ["2026-12-01"], description: "a day of the user's calendar" });

/** What was done in the stretch, by days of the user's zone; `open` and `overdue` count what is there now. */
export const Insights = Type.Object({
  completed_by_day: Type.Array(Type.Object({ date: Day, count })),
  completed_by_week: Type.Array(Type.Object({ date: Day, count }), { description: "each by its Monday" }),
  streak: Type.Object({ current: count, longest: count }, { description: "days on end with a completion" }),
  on_time: Type.Object({ on_time: count, late: count, ratio: Nullable(Type.Number({ minimum: 0, maximum: 1 })) }),
  by_tag: Type.Array(Type.Object({ name: Type.String(), color: Type.String(), count })),
  by_priority: Type.Object({ low: count, medium: count, high: count, urgent: count }),
  open: count,
  overdue: count,
});
export type Insights = Static<typeof Insights>;
