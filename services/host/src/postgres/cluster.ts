import {
  closeSync,
  existsSync,
  fsyncSync,
  mkdirSync,
  openSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { basename, dirname, join } from "node:path";
import { type Binaries, serverMajor } from "./binaries.ts";
import { environment, giveTo, type RunAs } from "./run-as.ts";

/** The superuser of every cluster we create. */
export const superuser = "carillon";

export type ClusterOptions = {
  folder: string;
  /** The superuser's. Throwaway clusters have one too, because a superuser can run programs as the cluster's owner. */
  password: string;
  /** False trades safety against a power cut for speed: for throwaway clusters. */
  durable: boolean;
  /** True when it must exist already: a missing one is then not recreated empty. */
  isExpected?: boolean;
};

/**
 * Creates the cluster in `folder` if missing. It is created under another name and renamed, so an
 * interrupted one never has the final name and is removed by the next start.
 * @throws Error with one sentence when it cannot be created, or was created by another version.
 */
export function ensureCluster(binaries: Binaries, runAs: RunAs, options: ClusterOptions): void {
  const { folder } = options;
  removeUnfinished(folder);
  const versionFile = join(folder, "PG_VERSION");
  if (existsSync(versionFile)) {
    const version = readFileSync(versionFile, "utf8").trim();
    if (version !== serverMajor) {
      throw new Error(
        `The database in ${folder} was made by PostgreSQL ${version}, this Carillon brings ${serverMajor}.`,
      );
    }
    giveTo(runAs, folder);
    return;
  }
  if (existsSync(folder) && readdirSync(folder).length > 0)
    throw new Error(
      `The folder ${folder} holds no complete database (PG_VERSION is missing); restore it from a backup, or set DATA_DIR to another folder.`,
    );
  if (options.isExpected) throw new Error(`The database in ${folder} is missing; restore the folder from a backup.`);
  const part = `${folder}.init-${process.pid}`;
  mkdirSync(part, { recursive: true, mode: 0o700 });
  const cluster = initialise(binaries, runAs, options, part);
  // An empty folder of that name is replaced by the rename.
  renameSync(cluster, folder);
  rmSync(part, { recursive: true, force: true });
  if (options.durable) syncFolder(dirname(folder));
}

function removeUnfinished(folder: string): void {
  const parent = dirname(folder);
  if (!existsSync(parent)) return;
  for (const name of readdirSync(parent)) {
    // Retries: the killed product's initdb may still be writing for a moment.
    if (name.startsWith(`${basename(folder)}.init-`)) {
      rmSync(join(parent, name), { recursive: true, force: true, maxRetries: 20, retryDelay: 100 });
    }
  }
}

/** The folder of the new cluster, inside `part`. */
function initialise(binaries: Binaries, runAs: RunAs, options: ClusterOptions, part: string): string {
  const passwordFile = join(part, "password");
  const cluster = join(part, "cluster");
  const command = [...runAs.prefix, binaries.initdb, "-D", cluster, "-U", superuser, "--encoding=UTF8", "--locale=C"];
  // The built-in provider sorts and folds case alike on every platform and never changes under an
  // index, unlike libc and ICU.
  command.push("--locale-provider=builtin", "--builtin-locale=C.UTF-8");
  writeFileSync(passwordFile, options.password, { mode: 0o600 });
  command.push("-A", "scram-sha-256", `--pwfile=${passwordFile}`);
  if (!options.durable) command.push("--no-sync");
  giveTo(runAs, part);
  const made = Bun.spawnSync(command, { ...runAs.ids, env: environment, stdout: "ignore", stderr: "pipe" });
  if (made.success) return cluster;
  const reason = made.stderr.toString().trim().split("\n").at(-1) ?? "";
  throw new Error(
    `The database could not be created in ${options.folder}: ${reason || `initdb ended with ${made.exitCode}`}.`,
  );
}

/** A rename is durable only when its folder is flushed. */
function syncFolder(folder: string): void {
  if (process.platform === "win32") return;
  const handle = openSync(folder, "r");
  fsyncSync(handle);
  closeSync(handle);
}
