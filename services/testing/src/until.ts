/** Resolves when `holds`, asked every few milliseconds; rejects with `what` after `limitMs`. */
export async function until(what: string, holds: () => boolean | Promise<boolean>, limitMs = 20_000): Promise<void> {
  const limit = performance.now() + limitMs;
  for (let pauseMs = 5; !(await holds()); pauseMs = Math.min(25, pauseMs * 1.3)) {
    if (performance.now() > limit) throw new Error(`timed out after ${limitMs} ms waiting until ${what}`);
    await Bun.sleep(pauseMs);
  }
}

/** As `until`, for what does not answer at first: a rejection means not yet, and the last one is the cause of the error. */
export async function eventually(what: string, holds: () => Promise<boolean>, limitMs = 40_000): Promise<void> {
  let refused: unknown;
  const holdsYet = () =>
    holds().catch((error: unknown) => {
      refused = error;
      return false;
    });
  await until(what, holdsYet, limitMs).catch((error: unknown) => {
    throw new Error(error instanceof Error ? error.message : String(error), { cause: refused });
  });
}
