/** A partition's end offset at an instant: events with a lower offset were there, later ones were not. */
export type Sample = { offset: number; atMs: number };

const maxSamples = 1_024;

/**
 * When the offsets of one partition were written, from sampling its end. It holds at most
 * `maxSamples`: the older half is thinned out, so that yesterday is known to the minute while the
 * last quarter of an hour is known to the second.
 */
export class OffsetHistory {
  #samples: Sample[] = [];

  /** Samples arrive in the order of their time; one whose offset went back (a recreated topic) clears the history. */
  add({ offset, atMs }: Sample): void {
    const last = this.#samples.at(-1);
    if (last !== undefined && offset < last.offset) this.#samples = [];
    else if (last !== undefined && atMs <= last.atMs) return;
    // While nothing is written, only the first and the last sample count.
    if (last?.offset === offset && this.#samples.at(-2)?.offset === offset) this.#samples.pop();
    this.#samples.push({ offset, atMs });
    if (this.#samples.length > maxSamples) this.#thin();
  }

  get samples(): readonly Sample[] {
    return this.#samples;
  }

  /**
   * Seconds since the event at `offset` was written, interpolated between two samples; 0 when it is not
   * written yet, by the last sample.
   */
  ageSeconds(offset: number, nowMs: number): number {
    const last = this.#samples.at(-1);
    if (last === undefined || offset >= last.offset) return 0;
    const after = firstPast(this.#samples, offset);
    const to = this.#samples[after];
    const from = this.#samples[after - 1];
    if (to === undefined) return 0;
    // It was there at the first sample: it is at least as old as that.
    if (from === undefined) return Math.max(0, nowMs - to.atMs) / 1_000;
    const share = (offset + 1 - from.offset) / (to.offset - from.offset);
    return Math.max(0, nowMs - (from.atMs + share * (to.atMs - from.atMs))) / 1_000;
  }

  #thin(): void {
    const half = Math.floor(this.#samples.length / 2);
    this.#samples = this.#samples.filter((_, at) => at >= half || at % 2 === 0);
  }
}

/** The index of the first sample whose end is past `offset`. */
function firstPast(samples: readonly Sample[], offset: number): number {
  let [low, high] = [0, samples.length];
  while (low < high) {
    const middle = (low + high) >>> 1;
    if ((samples[middle]?.offset ?? 0) > offset) high = middle;
    else low = middle + 1;
  }
  return low;
}
