/** A failure that ends the process, whatever it happened in the middle of. */
export class FatalError extends Error {
  override readonly name = "FatalError";
}

/**
 * Takes the failure of work that nothing waits for and nothing replaces: thrown outside every promise it ends the process, whose
 * supervisor starts it again clean.
 */
export function fatal(error: unknown): void {
  setTimeout(() => {
    throw new FatalError("work that nothing replaces has failed", { cause: error });
  });
}
