import type { Reminder } from "@carillon/contracts/http/tasks";
import type { Cause } from "@carillon/kit/observe";

/** How one plan of a reminder ended. `sentAt` goes with `sent` only. */
export type Ending = {
  id: string;
  generation: number;
  state: Exclude<Reminder["state"], "pending">;
  reason: Reminder["reason"];
  sentAt: Date | null;
  /** What its plan goes back to; none: the request under way. */
  cause?: Cause | null;
};

export const planKey = ({ id, generation }: { id: string; generation: number }): string =>
  `${id.toLowerCase()} ${generation}`;
