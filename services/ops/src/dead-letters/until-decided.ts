import type { Replay } from "./letter-box.ts";

const lookEveryMs = 100;

/**
 * The result for each of `ids`, as `look` finds it. An id without news for `patienceMs` is "waiting":
 * replayed, and not handled by its consumer yet.
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
