import { Database } from "bun:sqlite";

/**
 * The lock on `path`, or null when another process has it. It is the kernel's lock on a file (taken by
 * SQLite, which supports every platform): a killed process loses it at once, and no process id is
 * guessed.
 * @throws Error when the file cannot be written.
 */
export function lockFile(path: string): { release(): void } | null {
  const file = new Database(path, { create: true });
  try {
    file.run("pragma journal_mode = memory");
    file.run("begin exclusive");
    return { release: () => file.close() };
  } catch (error) {
    file.close();
    if (error instanceof Error && "code" in error && error.code === "SQLITE_BUSY") return null;
    throw error;
  }
}
