/** A failure that ends the process, whatever was under way. */
export class FatalError extends Error {
  override readonly name = "FatalError";
}

/**
 * Handles the failure of work that nothing awaits and nothing replaces: thrown outside every promise
 * it ends the process, whose supervisor restarts it clean.
 */
export function fatal(error: unknown): void {
  setTimeout(() => {
    throw new FatalError("work that nothing replaces has failed", { cause: error });
  });
}
