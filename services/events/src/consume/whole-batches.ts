import { heldBackReason, type Verdict } from "./verdict.ts";

/** So many given up events are remembered; one forgotten is given up again by itself. */
const most = 10_000;

export type WholeBatches = {
  /**
   * The verdict on what was given up in an earlier try of its batch: it is not handled again, for as a failure it would hold back its user's
   * later events, the batch would never be done with, and it would never be dropped.
   */
  givenUp(id: string | null): Verdict | null;
  /** The verdicts on a batch as a sidecar may hear them. */
  say(ids: readonly (string | null)[], verdicts: readonly Verdict[]): Verdict[];
};

/**
 * While anything of a gathered batch is tried again, all of it is. Dapr 1.16 leaves out of the next try what was done, and then looks for the
 * letter of what is dropped at the wrong place, or dies of it (pkg/runtime/subscription/postman/http). What is done is known when it comes
 * again; what was given up meanwhile is remembered and dropped with the last try.
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
        else if (verdict.kind === "drop" && id !== "" && givenUp.size < most) givenUp.set(id, verdict);
      }
      if (!isTriedAgain) return [...verdicts];
      return verdicts.map((verdict) =>
        verdict.kind === "retry" ? verdict : { kind: "retry", reason: heldBackReason },
      );
    },
  };
}
