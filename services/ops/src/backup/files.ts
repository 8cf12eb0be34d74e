import { chmodSync, existsSync, lstatSync, mkdirSync, readdirSync } from "node:fs";
import { open } from "node:fs/promises";
import { join } from "node:path";

/** A file of a backup: its path inside, its length in bytes, and the SHA-256 of its content in hexadecimal. */
export type KeptFile = { path: string; bytes: number; sha256: string };
export type Tree = { folders: string[]; files: string[] };

const chunkBytes = 1 << 20;

/** Paths of folders and plain files below `root`, sorted; what `isLeftOut` names is left out with everything in it. */
export function treeOf(root: string, isLeftOut: (path: string) => boolean = () => false, below = ""): Tree {
  const found: Tree = { folders: [], files: [] };
  for (const name of readdirSync(join(root, below)).toSorted()) {
    const path = below === "" ? name : `${below}/${name}`;
    if (isLeftOut(path)) continue;
    const stats = lstatSync(join(root, path), { throwIfNoEntry: false });
    if (stats?.isFile()) found.files.push(path);
    if (!stats?.isDirectory()) continue;
    const inside = treeOf(root, isLeftOut, path);
    found.folders.push(path, ...inside.folders);
    found.files.push(...inside.files);
  }
  return found;
}

export function makeFolder(path: string): void {
  mkdirSync(path, { recursive: true, mode: 0o700 });
  chmodSync(path, 0o700);
}

/**
 * The copy's length and sum; on the disk when this resolves. Null when the file is gone: a server at work removes some.
 * @throws Error when it cannot be read or written.
 */
export async function copyFile(from: string, to: string): Promise<Omit<KeptFile, "path"> | null> {
  const source = await open(from, "r").catch((error: unknown) => {
    if (!existsSync(from)) return null;
    throw error;
  });
  if (source === null) return null;
  const target = await open(to, "w", 0o600).catch(async (error: unknown) => {
    await source.close();
    throw error;
  });
  try {
    const hash = new Bun.CryptoHasher("sha256");
    const buffer = Buffer.allocUnsafe(chunkBytes);
    let bytes = 0;
    for (;;) {
      const { bytesRead } = await source.read(buffer, 0, chunkBytes, null);
      if (bytesRead === 0) break;
      hash.update(buffer.subarray(0, bytesRead));
      await target.write(buffer, 0, bytesRead);
      bytes += bytesRead;
    }
    await target.sync();
    return { bytes, sha256: hash.digest("hex") };
  } finally {
    await Promise.all([source.close(), target.close()]);
  }
}
