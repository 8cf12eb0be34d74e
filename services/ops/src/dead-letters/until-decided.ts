import type { Replay } from "./letter-box.ts";

const lookEveryMs = 100;

/**
 * What became of each of `ids`, as `look` finds it. An id of which nothing is known `patienceMs` after the last news is
 * "waiting": replayed, and not handled by anybody yet.
 */
export async function untilDecided(
  ids: readonly string[],
  patienceMs: number,
  look: (undecided: readonly string[]) => Promise<ReadonlyMap<string, Replay>>,
): Promise<Map<string, Replay>> {
  const decided = new Map<string, Replay>();
  const undecided = new Set(ids);
  for (let newsAt = performance.now(); undecided.size > 0; ) {
    const news = await look([...undecided]);
    for (const [id, outcome] of news) if (undecided.delete(id)) decided.set(id, outcome);
    if (news.size > 0) newsAt = performance.now();
    else if (performance.now() - newsAt > patienceMs) break;
    else await Bun.sleep(lookEveryMs);
  }
  for (const id of undecided) decided.set(id, { kind: "waiting" });
  return decided;
}
