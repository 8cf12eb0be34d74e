import { chmodSync, mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { type Server, startEmbeddedPostgres } from "@carillon/host/postgres";
import { copyCluster } from "@carillon/ops/copy-cluster";
import { until } from "@carillon/testing/until";
import postgres from "postgres";

const password = "carillon-drill";
/** The server may run as another user, which writes the archive. */
const writable = 0o777;

export type ArchivedServer = Server & {
  /** A copy of the running cluster. */
  copyTo(folder: string): Promise<void>;
  /** Resolves when everything written so far is in the archive. */
  untilArchived(): Promise<void>;
};

/** A PostgreSQL whose log goes into `archive` file by file, as a cluster's goes into object storage. */
export async function startArchived(folder: string, archive: string): Promise<ArchivedServer> {
  mkdirSync(archive, { recursive: true });
  chmodSync(archive, writable);
  const settings = {
    archive_mode: "on",
    archive_timeout: "30",
    archive_command: `test ! -f '${archive}/%f' && cp '%p' '${archive}/%f.part' && mv '${archive}/%f.part' '${archive}/%f'`,
  };
  const server = await startEmbeddedPostgres({ folder, password, durable: true, settings });
  const admin = postgres(server.urlOf("postgres"), { max: 1, onnotice: () => {} });
  await admin`create database carillon`.finally(() => admin.end());
  return {
    ...server,
    async copyTo(target) {
      mkdirSync(target, { mode: 0o700 });
      await copyCluster(server.urlOf("postgres"), folder, target);
    },
    async untilArchived() {
      const sql = postgres(server.urlOf("postgres"), { max: 1, onnotice: () => {} });
      try {
        const [last] = await sql<{ wal: string }[]>`select pg_walfile_name(pg_switch_wal()) as wal`;
        await until(
          "the log is archived",
          async () => {
            const [seen] = await sql<{ wal: string | null }[]>`select last_archived_wal as wal from pg_stat_archiver`;
            return (seen?.wal ?? "") >= (last?.wal ?? "~");
          },
          60_000,
        );
      } finally {
        await sql.end();
      }
    },
  };
}

/** The server that a copy becomes when it reads the archive up to an instant. Resolves when it takes connections, with all of it read. */
export async function startRestored(copy: string, archive: string, end: Date): Promise<Server> {
  writeFileSync(join(copy, "recovery.signal"), "");
  const settings = {
    restore_command: `cp '${archive}/%f' '%p'`,
    // Names of zones, and so `Z`, are not known yet when this is read.
    recovery_target_time: end.toISOString().replace("T", " ").replace("Z", "+00"),
    recovery_target_action: "promote",
  };
  const server = await startEmbeddedPostgres({ folder: copy, password, durable: true, settings });
  const sql = postgres(server.urlOf("postgres"), { max: 1, onnotice: () => {} });
  try {
    await until(
      "the restored server takes writes",
      async () => {
        const [row] = await sql<{ reading: boolean }[]>`select pg_is_in_recovery() as reading`;
        return row?.reading === false;
      },
      300_000,
    );
  } finally {
    await sql.end();
  }
  return server;
}
