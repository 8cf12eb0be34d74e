import {
  closeSync,
  existsSync,
  fsync,
  mkdirSync,
  openSync,
  readdirSync,
  renameSync,
  rmSync,
  statSync,
  writeSync,
} from "node:fs";
import { join } from "node:path";
import { promisify } from "node:util";
import type { Clock, Mailer } from "@carillon/kit/ports";
import { MailFailure } from "./mail-failure.ts";
import { fileSafe, messageBytes, messageIdOf } from "./message.ts";

/** A partial file of a killed process is removed after this long. */
const staleMs = 60_000;
const toDisk = promisify(fsync);

/**
 * Keeps mail as `.eml` files, one per key: the same key again is the same file. A file is complete or
 * absent, for readers and after a crash.
 */
export function folderMailer({ folder, from, clock }: { folder: string; from: string; clock: Clock }): Mailer {
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  sweepHalfWritten(folder);
  return {
    async send(mail, key) {
      const messageId = messageIdOf(key, from);
      const bytes = messageBytes(mail, key, { from, date: clock.now() });
      const file = join(folder, `${fileSafe(key)}.eml`);
      try {
        if (!existsSync(file)) await writeWhole(folder, file, bytes);
      } catch (cause) {
        throw new MailFailure("away", "the mail folder cannot be written", { cause });
      }
      return { messageId };
    },
    async forget(key) {
      rmSync(join(folder, `${fileSafe(key)}.eml`), { force: true });
    },
    async forgetAll(prefix) {
      const names = readdirSync(folder).filter((name) => name.startsWith(fileSafe(prefix)));
      for (const name of names) rmSync(join(folder, name), { force: true });
    },
  };
}

async function writeWhole(folder: string, file: string, bytes: Buffer): Promise<void> {
  const half = join(folder, `.${crypto.randomUUID()}.half`);
  const handle = openSync(half, "wx", 0o600);
  try {
    writeSync(handle, bytes);
    // The only step that waits for the disk; the others are quicker than a switch to another thread.
    await toDisk(handle);
  } finally {
    closeSync(handle);
  }
  renameSync(half, file);
}

function sweepHalfWritten(folder: string): void {
  const halves = readdirSync(folder).filter((one) => one.endsWith(".half"));
  if (halves.length === 0) return;
  // The clock that gave the files their times judges them.
  const probe = join(folder, `.${crypto.randomUUID()}.half`);
  closeSync(openSync(probe, "wx", 0o600));
  const now = statSync(probe).mtimeMs;
  rmSync(probe);
  for (const name of halves) {
    const half = join(folder, name);
    const writtenAt = statSync(half, { throwIfNoEntry: false })?.mtimeMs ?? now;
    if (now - writtenAt > staleMs) rmSync(half, { force: true });
  }
}
