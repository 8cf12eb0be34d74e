/** Resolves when `holds`; rejects with `what` after `limitMs`. */
export async function until(what: string, holds: () => boolean | Promise<boolean>, limitMs = 15_000): Promise<void> {
  const limit = performance.now() + limitMs;
  while (!(await holds())) {
    if (performance.now() > limit) throw new Error(`timed out waiting until ${what}`);
    await Bun.sleep(5);
  }
}
