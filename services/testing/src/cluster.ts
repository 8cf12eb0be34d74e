import { existsSync, mkdirSync, readFileSync, renameSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir, userInfo } from "node:os";
import { join } from "node:path";
import { lockFile } from "@carillon/host/data-folder";
import { startEmbeddedPostgres, stopLeftover } from "@carillon/host/postgres";
import postgres from "postgres";

/**
 * The throwaway cluster that the tests of this machine's user share: the first test starts it as a process of its own (this file), every
 * later one finds it by its address file, and it removes itself after a while without connections.
 */
const home = join(tmpdir(), `carillon-test-${userInfo().uid}`);
const addressFile = join(home, "address");
const cluster = join(home, "cluster");
const idleMs = 120_000;
const startMs = 60_000;

/** Superuser's address of the shared throwaway cluster, which is started if it is not running. */
export async function sharedCluster(): Promise<string> {
  let starter: ReturnType<typeof startCluster> | null = null;
  for (let waitedMs = 0; waitedMs < startMs; waitedMs += 50) {
    const address = await answeringAddress();
    if (address) return address;
    // It ends with 0 when another was first, or is just removing itself: then retry.
    if (starter === null || starter.exitCode === 0) starter = startCluster();
    else if (starter.exitCode !== null) throw new Error(await new Response(starter.stderr).text());
    await Bun.sleep(50);
  }
  throw new Error(`No throwaway database came up in ${home} within ${startMs / 1000} s.`);
}

function startCluster() {
  const command = [process.execPath, "--no-env-file", import.meta.path];
  const starter = Bun.spawn(command, { detached: true, stdin: "ignore", stdout: "ignore", stderr: "pipe" });
  starter.unref();
  return starter;
}

async function answeringAddress(): Promise<string | null> {
  if (!existsSync(addressFile)) return null;
  const address = readFileSync(addressFile, "utf8");
  const sql = postgres(address, { max: 1, connect_timeout: 2 });
  try {
    await sql`select 1`;
    return address;
  } catch {
    return null;
  } finally {
    await sql.end();
  }
}

async function serveUntilIdle(): Promise<void> {
  mkdirSync(home, { recursive: true, mode: 0o700 });
  if (statSync(home).uid !== userInfo().uid) throw new Error(`${home} belongs to another user; remove it.`);
  const lock = lockFile(join(home, "lock"));
  if (!lock) return;
  rmSync(addressFile, { force: true });
  rmSync(join(home, "cluster"), { recursive: true, force: true });
  const server = await startEmbeddedPostgres({
    folder: join(home, "cluster"),
    password: crypto.randomUUID(),
    durable: false,
  });
  writeFileSync(`${addressFile}.new`, server.urlOf("postgres"), { mode: 0o600 });
  renameSync(`${addressFile}.new`, addressFile);
  const sql = postgres(server.urlOf("postgres"), { max: 1 });
  const isAsked = Promise.withResolvers<void>();
  for (const signal of ["SIGINT", "SIGTERM"] as const) process.once(signal, () => isAsked.resolve());
  // A lost connection means that the server has ended.
  const isIdle = idle(sql).catch(() => {});
  await Promise.race([isIdle, isAsked.promise, server.ended]);
  rmSync(addressFile, { force: true });
  await sql.end({ timeout: 1 });
  await server.stop();
  await removeCluster();
  lock.release();
}

async function removeCluster(): Promise<void> {
  await stopLeftover(cluster);
  rmSync(cluster, { recursive: true, force: true });
}

/** Resolves when no other client has been connected for `idleMs`. */
async function idle(sql: postgres.Sql): Promise<void> {
  for (let quietMs = 0; quietMs < idleMs; quietMs += 1_000) {
    await Bun.sleep(1_000);
    const [row] = await sql<{ others: number }[]>`
      select count(*)::int as others from pg_stat_activity where backend_type = 'client backend' and pid <> pg_backend_pid()`;
    if (row && row.others > 0) quietMs = 0;
  }
}

if (import.meta.main) {
  await serveUntilIdle();
  process.exit(0);
}
