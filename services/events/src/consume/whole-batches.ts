import { heldBackReason, type Verdict } from "./verdict.ts";

/** Maximum remembered given-up events; the oldest is evicted, and is given up again by itself. */
const most = 10_000;

export type WholeBatches = {
  /**
   * The verdict on an event given up in an earlier try of its batch: it is not handled again, because as
   * a failure it would hold back its user's later events, the batch would never end, and it would
   * never be dropped.
   */
  givenUp(id: string | null): Verdict | null;
  /** The verdicts on a batch as a sidecar may see them. */
  say(ids: readonly (string | null)[], verdicts: readonly Verdict[]): Verdict[];
};

/**
 * While anything of a gathered batch is retried, all of it is. Dapr 1.16 omits done events from the
 * next try, and then looks for a dropped one's dead letter at the wrong index, or crashes
 * (pkg/runtime/subscription/postman/http). Done events are recognised on redelivery; given-up ones
 * are remembered and dropped with the last try.
 */
export function wholeBatches(): WholeBatches {
  const givenUp = new Map<string, Verdict>();
  return {
    givenUp: (id) => givenUp.get(id ?? "") ?? null,
    say(ids, verdicts) {
      const isTriedAgain = verdicts.some(({ kind }) => kind === "retry");
      for (const [at, verdict] of verdicts.entries()) {
        const id = ids[at] ?? "";
        if (!isTriedAgain) givenUp.delete(id);
        else if (verdict.kind === "drop" && id !== "") givenUp.set(id, verdict);
      }
      for (const oldest of givenUp.keys()) {
        if (givenUp.size <= most) break;
        givenUp.delete(oldest);
      }
      if (!isTriedAgain) return [...verdicts];
      return verdicts.map((verdict) =>
        verdict.kind === "retry" ? verdict : { kind: "retry", reason: heldBackReason },
      );
    },
  };
}
