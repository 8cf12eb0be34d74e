import { existsSync, readdirSync, renameSync, rmSync } from "node:fs";
import { join, normalize, resolve } from "node:path";
import { ConfigError } from "@carillon/kit/config";
import { type Report, report } from "../report.ts";
import { type Manifest, readManifest } from "./backup.ts";
import { copyFile, makeFolder } from "./files.ts";

/**
 * Puts a backup into an empty or absent data folder; the next start of the product finishes it from the log. Every file is compared with
 * its sum while it is copied; the folder gets its contents when all of them are right.
 * @throws ConfigError when the backup is not whole, or the data folder holds something.
 */
export async function restoreBackup(from: string, setting: string, dryRun: boolean): Promise<Report> {
  const [source, dataDir] = [resolve(from), resolve(setting)];
  const manifest = readManifest(source);
  const there = existsSync(dataDir) ? readdirSync(dataDir).filter((name) => !/^lock/.test(name)) : [];
  if (there.length > 0)
    throw new ConfigError(
      `${dataDir} holds ${there.slice(0, 3).join(", ")}; move it away, or set DATA_DIR to another folder.`,
    );
  const part = `${dataDir}.restore-${process.pid}`;
  try {
    await copyAll(source, part, manifest);
    if (!dryRun) take(part, dataDir);
  } finally {
    rmSync(part, { recursive: true, force: true });
  }
  const lines = dryRun
    ? [`${source} is whole: every file is there and has its sum. Nothing was restored.`]
    : [
        `Restored into ${dataDir}: the product as it was at ${manifest.endedAt}.`,
        "Start it as usual; then `npm run ops -- audit verify --all` proves the histories.",
      ];
  return report(lines, { dataDir, asOf: manifest.endedAt, files: manifest.files.length, dryRun });
}

async function copyAll(source: string, part: string, { folders, files }: Manifest): Promise<void> {
  const strange = [...folders, ...files.map(({ path }) => path)].find(
    (path) => normalize(path) !== path || /^(\.\.|\/)/.test(path),
  );
  if (strange !== undefined) throw new ConfigError(`The backup names ${strange}, which is not inside it.`);
  makeFolder(part);
  // What a server expects to find, empty, is in no list of files.
  for (const folder of folders.filter((path) => existsSync(join(source, path)))) makeFolder(join(part, folder));
  for (const { path, bytes, sha256 } of files) {
    const copied = await copyFile(join(source, path), join(part, path));
    if (copied === null) throw new ConfigError(`The backup is not whole: ${path} is missing.`);
    if (copied.bytes !== bytes || copied.sha256 !== sha256)
      throw new ConfigError(`The backup is damaged: ${path} is not what was written.`);
  }
}

function take(part: string, dataDir: string): void {
  makeFolder(dataDir);
  // The database last: a folder without it does not start, and says so.
  const names = readdirSync(part).toSorted((one, other) => Number(one === "postgres") - Number(other === "postgres"));
  for (const name of names) renameSync(join(part, name), join(dataDir, name));
}
