/**
 * Takes the failure of work that nothing waits for and nothing replaces: thrown outside every promise it ends the process, whose
 * supervisor starts it again clean.
 */
export function fatal(error: unknown): void {
  setTimeout(() => {
    throw error;
  });
}
