import { existsSync, mkdirSync, statSync } from "node:fs";
import { join, resolve } from "node:path";
import { ConfigError } from "@carillon/kit/config";
import { lockFile } from "./file-lock.ts";

export type DataDir = {
  path: string;
  /** Releases the lock for the next product. */
  release(): void;
};

/** How long to wait for a product that was asked to stop, so that the next start need not be repeated. */
const patienceMs = 5_000;

/**
 * The folder that keeps everything, created if missing and locked until `release()`.
 * @throws ConfigError with one sentence when it is not available.
 */
export async function openDataDir(setting: string): Promise<DataDir> {
  const path = resolve(setting);
  try {
    mkdirSync(path, { recursive: true, mode: 0o700 });
    for (let waitedMs = 0; ; waitedMs += 100) {
      const lock = lockFile(join(path, "lock"));
      if (lock) return { path, release: lock.release };
      if (waitedMs >= patienceMs) break;
      await Bun.sleep(100);
    }
  } catch (cause) {
    const wrong = wrongLock(join(path, "lock"), cause);
    if (wrong !== null) throw new ConfigError(wrong);
    throw new ConfigError(
      `DATA_DIR is ${path}, which this user cannot write (${reasonOf(cause)}); choose another folder or change its owner.`,
    );
  }
  throw new ConfigError(`Another Carillon is running on ${path}; stop it, or set DATA_DIR to another folder.`);
}

/** What is in the lock's place, in one sentence; null when the lock is not the cause. */
function wrongLock(lock: string, cause: unknown): string | null {
  if (existsSync(lock) && statSync(lock).isDirectory())
    return `${lock} is a folder, where Carillon keeps a file; remove it.`;
  return codeOf(cause) === "SQLITE_NOTADB" ? `${lock} is not the file that Carillon keeps there; remove it.` : null;
}

const codeOf = (cause: unknown): string => (cause instanceof Error && "code" in cause ? String(cause.code) : "");

function reasonOf(cause: unknown): string {
  const code = codeOf(cause);
  const words: Record<string, string> = {
    EACCES: "permission denied",
    SQLITE_CANTOPEN: "permission denied",
    SQLITE_READONLY: "read-only",
    EROFS: "read-only",
    ENOTDIR: "a part of it is a file",
    EEXIST: "it is a file",
    ENOSPC: "the disk is full",
  };
  return words[code] ?? (code || String(cause));
}
