/**
 * Keeps the process alive when its output goes nowhere: a closed pipe, a closed terminal, a full disk.
 * Its log is lost then, and nothing else.
 */
export function surviveLostOutput(streams: readonly NodeJS.EventEmitter[] = [process.stdout, process.stderr]): void {
  for (const stream of streams) stream.on("error", () => {});
}
