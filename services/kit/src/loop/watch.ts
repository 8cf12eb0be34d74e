import type { ServiceName } from "@carillon/contracts/names";

export type Turns = {
  begin(): Turn;
  /** The loop is over. */
  end(): void;
};

type Turn = {
  /** Resolves when the turn has lasted too long; never, when it ends before. */
  tooLong: Promise<void>;
  /** The turn has ended; has no effect on the loop when it was too late. */
  ended(): void;
};

type Watched = {
  name: string;
  service: ServiceName | "every";
  maxLooks: number;
  /** Ticks of the present turn; null between turns. */
  looks: number | null;
  isStuck: boolean;
  giveUp: () => void;
};

const lookMs = 500;
const watched = new Set<Watched>();
let looking: Timer | null = null;

/** Names of this process's loops that are part of `service` and whose turn did not end; empty while all is well. */
export const stuckLoops = (service: ServiceName): string[] => [
  ...new Set(
    [...watched]
      .filter((loop) => loop.isStuck && (loop.service === service || loop.service === "every"))
      .map(({ name }) => name),
  ),
];

/**
 * Watches the turns of one loop. Ticks are counted and not milliseconds, so that a process that was
 * suspended does not take its own pause for a stuck turn.
 */
export function watchTurns({
  name,
  service,
  maxTurnMs,
}: {
  name: string;
  service: ServiceName | "every";
  maxTurnMs: number;
}): Turns {
  const maxLooks = Math.ceil(maxTurnMs / lookMs) + 1;
  const loop: Watched = { name, service, maxLooks, looks: null, isStuck: false, giveUp: () => {} };
  watched.add(loop);
  looking ??= setInterval(look, lookMs).unref();
  return {
    begin() {
      const { promise: tooLong, resolve: giveUp } = Promise.withResolvers<void>();
      loop.looks = 0;
      loop.giveUp = giveUp;
      const ended = (): void => {
        if (loop.giveUp !== giveUp || loop.looks === null) return;
        loop.looks = null;
        loop.isStuck = false;
      };
      return { tooLong, ended };
    },
    end() {
      watched.delete(loop);
      if (watched.size > 0 || !looking) return;
      clearInterval(looking);
      looking = null;
    },
  };
}

function look(): void {
  for (const loop of watched) {
    if (loop.looks === null || ++loop.looks < loop.maxLooks) continue;
    loop.looks = null;
    loop.isStuck = true;
    loop.giveUp();
  }
}
