/** How long requests are handled before the process looks at its other sockets. */
const maxTurnMs = 25;

let beganAtMs: number | null = null;

/**
 * Resolves at once, or in the event loop's next turn when this one has lasted long enough. Bun handles every request that a packet
 * brought before it reads another socket: thousands sent ahead would keep all other clients waiting. It closes the socket of one
 * that waits while more were sent after it.
 */
export async function ownTurn(): Promise<void> {
  const nowMs = performance.now();
  if (beganAtMs === null) {
    beganAtMs = nowMs;
    setImmediate(() => {
      beganAtMs = null;
    });
  } else if (nowMs - beganAtMs > maxTurnMs) await new Promise<void>((resolve) => setImmediate(resolve));
}
