import { existsSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { ConfigError } from "@carillon/kit/config";
import { type Report, report } from "../report.ts";
import { type ClusterCopy, copyCluster } from "./copy-cluster.ts";
import { copyFile, type KeptFile, makeFolder, treeOf } from "./files.ts";

/** What a backup says of itself, in `backup.json`. */
export type Manifest = { format: 1; startedAt: string; endedAt: string; folders: string[]; files: KeptFile[] };

export const manifestFile = "backup.json";
/** `carillon-2026-12-01T02-30-00Z`: sorted by name is sorted by time. */
const backupName = /^carillon-\d{4}-\d\d-\d\dT\d\d-\d\d-\d\dZ$/;

type Embedded = { dataDir: string; superuserUrl: string };
type Wanted = {
  /** The folder that gets the backup, in a folder of its own. */
  into: string;
  /** How many backups stay there, the new one included; null: all. */
  keep: number | null;
  now: Date;
};

/**
 * Copies a running embedded product: its database whole as of the end of the copy, its secrets and its mails. The copy gets its name when
 * all of it is on the disk.
 * @throws ConfigError when `into` cannot be used; Error when the copy fails, of which nothing is left then.
 */
export async function makeBackup({ dataDir, superuserUrl }: Embedded, { into, keep, now }: Wanted): Promise<Report> {
  const parent = resolve(into);
  if (`${parent}/`.startsWith(`${join(dataDir, "postgres")}/`))
    throw new ConfigError(`${parent} is inside the database's own folder; choose a folder elsewhere.`);
  const name = `carillon-${now.toISOString().slice(0, 19).replaceAll(":", "-")}Z`;
  const [folder, part] = [join(parent, name), join(parent, `${name}.part`)];
  if (existsSync(folder)) throw new ConfigError(`${folder} is there already.`);
  makeFolder(join(part, "postgres"));
  try {
    const database = await copyCluster(superuserUrl, join(dataDir, "postgres"), join(part, "postgres"));
    // After the database: each mail that it calls sent is there.
    const rest = await copyRest(dataDir, part);
    const manifest: Manifest = {
      format: 1,
      startedAt: now.toISOString(),
      endedAt: new Date().toISOString(),
      folders: [...database.folders.map((path) => `postgres/${path}`), ...rest.folders],
      files: [...database.files.map((file) => ({ ...file, path: `postgres/${file.path}` })), ...rest.files],
    };
    writeFileSync(join(part, manifestFile), `${JSON.stringify(manifest, null, 1)}\n`, { mode: 0o600, flush: true });
    renameSync(part, folder);
    const removed = keep === null ? [] : removeOlder(parent, keep);
    return told(folder, manifest, database, removed);
  } catch (error) {
    rmSync(part, { recursive: true, force: true });
    throw error;
  }
}

/** The data folder's other contents: secrets, mails, and what later releases put there. Locks and copies of programs are not data. */
async function copyRest(dataDir: string, part: string): Promise<{ folders: string[]; files: KeptFile[] }> {
  const tree = treeOf(dataDir, (path) => /^(postgres($|[-.])|lock)/.test(path));
  const files: KeptFile[] = [];
  for (const path of tree.folders) makeFolder(join(part, path));
  for (const path of tree.files) {
    const kept = await copyFile(join(dataDir, path), join(part, path));
    if (kept) files.push({ path, ...kept });
  }
  return { folders: tree.folders, files };
}

function removeOlder(parent: string, keep: number): string[] {
  const whole = readdirSync(parent).filter(
    (name) => backupName.test(name) && existsSync(join(parent, name, manifestFile)),
  );
  const old = whole.toSorted().slice(0, -keep);
  for (const name of old) rmSync(join(parent, name), { recursive: true });
  return old;
}

function told(folder: string, { files }: Manifest, { walFiles }: ClusterCopy, removed: string[]): Report {
  const bytes = files.reduce((total, file) => total + file.bytes, 0);
  const megabytes = (bytes / 1e6).toFixed(1);
  const lines = [
    `Backed up into ${folder}: ${files.length} files, ${megabytes} MB, ${walFiles} of them the log of the time it took.`,
    ...removed.map((name) => `Removed the older ${name}.`),
    `Try it: DATA_DIR=<an empty folder> npm run ops -- restore ${folder}`,
  ];
  return report(lines, { folder, files: files.length, bytes, walFiles, removed });
}

/** A backup's own words. @throws ConfigError when the folder holds no whole backup. */
export function readManifest(folder: string): Manifest {
  const file = join(folder, manifestFile);
  if (!existsSync(file)) throw new ConfigError(`${folder} holds no whole backup: ${manifestFile} is missing.`);
  try {
    const manifest: Partial<Manifest> = JSON.parse(readFileSync(file, "utf8"));
    const { format, startedAt, endedAt, folders, files } = manifest;
    if (format !== 1 || !startedAt || !endedAt || !Array.isArray(folders) || !Array.isArray(files))
      throw new Error("format");
    return { format, startedAt, endedAt, folders, files };
  } catch {
    throw new ConfigError(`${file} is not what this release writes; restore with the release that made it.`);
  }
}
