/** Loaded before the product: what waits about a minute waits half a second. */
const usual = globalThis.setTimeout;
globalThis.setTimeout = Object.assign(
  (work: () => void, ms = 0, ...rest: never[]) => usual(work, ms > 45_000 && ms < 75_000 ? 500 : ms, ...rest),
  usual,
) as typeof usual;
