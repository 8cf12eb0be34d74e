import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { connect, type Sql } from "@carillon/kit/database";
import { copyFile, type KeptFile, makeFolder, treeOf } from "./files.ts";

/** Folders whose content was true of one run alone: a copy has them empty. */
const emptied = /^(pg_wal|pg_dynshmem|pg_notify|pg_replslot|pg_serial|pg_snapshots|pg_stat_tmp|pg_subtrans)\//;
/** The server's note of its run, and what it makes again. */
const leftOut = /^(postmaster\.(pid|opts)|backup_label.*|(.*\/)?pg_internal\.init.*|(.*\/)?pgsql_tmp.*)$/;
const keptFolder = /^pg_wal\/(archive_status|summaries)$/;

export type ClusterCopy = { folders: string[]; files: KeptFile[]; walFiles: number };

/**
 * A copy of the running cluster in `source`, made as PostgreSQL's manual describes it (26.3.3): files are copied while the server
 * writes them, and the log from the start to the end of the copy makes them whole at the first start. `url` is the superuser's.
 * @throws Error when the server ends meanwhile, or a file cannot be copied.
 */
export async function copyCluster(url: string, source: string, target: string): Promise<ClusterCopy> {
  const sql = connect(url, { max: 1, name: "backup" });
  try {
    return await copyWithin(sql, source, target);
  } finally {
    await sql.end({ timeout: 5 });
  }
}

async function copyWithin(sql: Sql, source: string, target: string): Promise<ClusterCopy> {
  // One session from start to end: the server forgets a backup whose session ends.
  const session = await sql.reserve();
  try {
    await session`set statement_timeout = 0`;
    // Keeps the log's files until they are copied; it ends with the session.
    await session`select pg_create_physical_replication_slot(${`carillon_backup_${process.pid}`}, true, true)`;
    const [start] = await session<{ wal: string }[]>`select pg_walfile_name(pg_backup_start('carillon', true)) as wal`;
    const tree = treeOf(source);
    for (const folder of tree.folders.filter((path) => keptFolder.test(path) || !emptied.test(path)))
      makeFolder(join(target, folder));
    const files = await copyFiles(
      source,
      target,
      tree.files.filter((path) => !emptied.test(path) && !leftOut.test(path)),
    );
    const [stop] = await session<{ wal: string; labelfile: string }[]>`
      select pg_walfile_name(lsn) as wal, labelfile from pg_backup_stop(false)`;
    if (!start || !stop) throw new Error("The server did not say where its log begins and ends.");
    const log = treeOf(source).files.filter((path) => isLog(path, start.wal, stop.wal));
    const copiedLog = await copyFiles(source, target, log);
    const label = keep(target, "backup_label", stop.labelfile);
    return { folders: tree.folders, files: [...files, ...copiedLog, label], walFiles: copiedLog.length };
  } finally {
    session.release();
  }
}

/** Names of the log's files are numbers of equal length: their order is the order of time. */
function isLog(path: string, first: string, last: string): boolean {
  const [, name] = /^pg_wal\/([0-9A-F]{24}|[0-9A-F]{8}\.history)$/.exec(path) ?? [];
  return name !== undefined && (name.endsWith(".history") || (name >= first && name <= last));
}

async function copyFiles(source: string, target: string, paths: readonly string[]): Promise<KeptFile[]> {
  // The control file last: it says from where the rest is made whole.
  const isControl = (path: string): number => Number(path.endsWith("/pg_control"));
  const files: KeptFile[] = [];
  for (const path of paths.toSorted((one, other) => isControl(one) - isControl(other))) {
    const kept = await copyFile(join(source, path), join(target, path));
    if (kept) files.push({ path, ...kept });
  }
  return files;
}

function keep(target: string, path: string, text: string): KeptFile {
  writeFileSync(join(target, path), text, { mode: 0o600, flush: true });
  return { path, bytes: Buffer.byteLength(text), sha256: new Bun.CryptoHasher("sha256").update(text).digest("hex") };
}
