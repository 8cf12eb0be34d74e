import { existsSync, readFileSync, readlinkSync, realpathSync, rmSync } from "node:fs";
import { basename, join } from "node:path";
import { isAlive } from "@carillon/kit/service";

/**
 * Stops the server that a killed product left running on this cluster. The pid in `postmaster.pid`
 * counts only if that process is a PostgreSQL server of this very folder: after a reboot, or in a
 * restarted container, the number may belong to any process.
 */
export async function stopLeftover(folder: string): Promise<void> {
  const pidFile = join(folder, "postmaster.pid");
  if (!existsSync(pidFile)) return;
  // A starting server has created its file and not yet written it.
  for (let waitedMs = 0; waitedMs < 1_000 && readPid(pidFile) === null; waitedMs += 50) await Bun.sleep(50);
  const pid = readPid(pidFile);
  if (pid === null) {
    rmSync(pidFile, { force: true });
    return;
  }
  if (!isServerOf(pid, folder)) {
    // The server itself removes the file of a dead one, with more checks than ours; a file whose pid
    // belongs to another process makes it refuse.
    if (isAlive(pid)) rmSync(pidFile, { force: true });
    return;
  }
  // Fast shutdown first; when that takes too long, immediate, which only means recovery at the next
  // start.
  for (const signal of ["SIGINT", "SIGQUIT", "SIGKILL"] as const) {
    kill(pid, signal);
    if (await isGone(pid, folder, signal === "SIGINT" ? 15_000 : 5_000)) return;
  }
  throw new Error(`The database server ${pid}, left running on ${folder}, does not stop; stop it by hand.`);
}

function readPid(pidFile: string): number | null {
  if (!existsSync(pidFile)) return null;
  const pid = Number(readFileSync(pidFile, "utf8").split("\n")[0]);
  return Number.isInteger(pid) && pid > 1 ? pid : null;
}

function isServerOf(pid: number, folder: string): boolean {
  if (pid === process.pid || !isAlive(pid)) return false;
  if (process.platform !== "linux") return commandOf(pid).includes(folder);
  try {
    // A server's working directory is its cluster.
    const program = basename(readlinkSync(`/proc/${pid}/exe`).replace(/ \(deleted\)$/, ""));
    return program === "postgres" && readlinkSync(`/proc/${pid}/cwd`) === realpathSync(folder);
  } catch {
    return false;
  }
}

function commandOf(pid: number): string {
  const asked = Bun.spawnSync(["ps", "-ww", "-o", "command=", "-p", String(pid)], { stdout: "pipe", stderr: "ignore" });
  const command = asked.stdout.toString();
  return command.includes("postgres") ? command : "";
}

async function isGone(pid: number, folder: string, withinMs: number): Promise<boolean> {
  for (let waitedMs = 0; waitedMs < withinMs; waitedMs += 20) {
    if (!isServerOf(pid, folder)) return true;
    await Bun.sleep(20);
  }
  return false;
}

function kill(pid: number, signal: NodeJS.Signals): void {
  try {
    process.kill(pid, signal);
  } catch {
    // It ended by itself in the meantime.
  }
}
