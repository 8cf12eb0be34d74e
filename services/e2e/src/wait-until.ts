/** Resolves once `holds` answers true; asks again every 20 ms. @throws Error naming `what` after `limitMs`. */
export async function waitUntil(what: string, limitMs: number, holds: () => Promise<boolean> | boolean): Promise<void> {
  const until = performance.now() + limitMs;
  while (!(await holds())) {
    if (performance.now() > until) throw new Error(`Not within ${limitMs} ms: ${what}.`);
    await Bun.sleep(20);
  }
}
