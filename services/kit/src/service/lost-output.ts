/**
 * Lets the process live on when nothing takes what it writes any more: a closed pipe, a terminal that is gone, a full disk. Its log is lost
 * then, and no bell.
 */
export function surviveLostOutput(streams: readonly NodeJS.EventEmitter[] = [process.stdout, process.stderr]): void {
  for (const stream of streams) stream.on("error", () => {});
}
