import type { Cause } from "@carillon/kit/observe";

/** One plan of one reminder, as api announced it: when it should ring, until a newer generation replaces it. */
export type Plan = {
  userId: string;
  reminderId: string;
  generation: number;
  taskId: string;
  remindAt: Date;
  /** The trace of the change that planned it. */
  traceparent: string | null;
  /** That of the event which announced it; null for what a sweep found. */
  cause: Cause | null;
};

/** A plan's cause as its row has it. */
export type CauseColumns = { correlationId: string | null; causationId: string | null };

export const causeOf = ({ correlationId, causationId }: CauseColumns): Cause | null =>
  correlationId === null ? null : { correlationId, causationId };

export type PlanKey = Pick<Plan, "reminderId" | "generation">;

/** The alarm of a plan, and the key of its mail. A new plan has a new name, so a cleared name is never set again. */
export const alarmNameOf = ({ reminderId, generation }: PlanKey): string => `rem-${reminderId}-${generation}`;

/** The plan named by an alarm; null for a name that is not ours. */
export function planOfAlarm(name: string): PlanKey | null {
  const match = /^rem-([0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12})-([1-9][0-9]{0,9})$/.exec(name);
  return match?.[1] && match[2] ? { reminderId: match[1], generation: Number(match[2]) } : null;
}
