import { chownSync, lstatSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";

/** How the server is started: the command prefix and the ids. PostgreSQL refuses to run as root. */
export type RunAs = {
  prefix: string[];
  ids: { uid?: number; gid?: number };
  ownerUid: number | null;
  ownerGid: number | null;
};

export const environment: Record<string, string> = {
  // The server needs nothing of ours: no secret, no PGDATA, no locale.
  PATH: "/usr/local/bin:/usr/bin:/bin:/usr/sbin:/sbin",
  LC_ALL: "C",
  TZ: "UTC",
  ...(process.platform === "win32" ? { SystemRoot: "C:\\Windows" } : {}),
};

/**
 * The first way that works here. An ordinary user runs it directly. Root tries in this order: a user
 * namespace (files stay root's, closed parent folders do not matter); another user with access
 * through closed folders; another user.
 * @throws Error with one sentence when none works.
 */
export function chooseRunAs(initdb: string): RunAs {
  if (process.getuid?.() !== 0) return { prefix: [], ids: {}, ownerUid: null, ownerGid: null };
  const { uid, gid } = unprivilegedUser();
  const namespace = ["unshare", "--user", `--map-user=${uid}`, `--map-group=${gid}`, "--"];
  const passing = ["setpriv", `--reuid=${uid}`, `--regid=${gid}`, "--clear-groups"];
  passing.push("--inh-caps=+dac_override", "--ambient-caps=+dac_override", "--");
  const ways: RunAs[] = [
    { prefix: namespace, ids: {}, ownerUid: 0, ownerGid: 0 },
    { prefix: passing, ids: {}, ownerUid: uid, ownerGid: gid },
    { prefix: [], ids: { uid, gid }, ownerUid: uid, ownerGid: gid },
  ];
  const found = ways.find((way) => canRun(way, [initdb, "--version"]));
  if (found) return found;
  throw new Error(
    "PostgreSQL does not run as root, and this machine allows root neither a user namespace nor another user: start Carillon as an ordinary user, or set DATABASE_URL.",
  );
}

/** Gives `folder` and everything in it to the user the server runs as, unless it is theirs already. */
export function giveTo(runAs: RunAs, folder: string): void {
  const { ownerUid, ownerGid } = runAs;
  if (ownerUid === null || ownerGid === null) return;
  const owner = lstatSync(folder);
  if (owner.uid === ownerUid && owner.gid === ownerGid) return;
  // The folder itself last: an interrupted change is repeated.
  for (const entry of readdirSync(folder, { recursive: true, encoding: "utf8" })) {
    chownSync(join(folder, entry), ownerUid, ownerGid);
  }
  chownSync(folder, ownerUid, ownerGid);
}

/** `nobody`, or another account that is not root: the server needs a name for its user id. */
function unprivilegedUser(): { uid: number; gid: number } {
  const accounts = readFileSync("/etc/passwd", "utf8")
    .split("\n")
    .map((line) => line.split(":"))
    .filter((fields) => Number(fields[2]) > 0);
  const account = accounts.find((fields) => fields[0] === "nobody") ?? accounts[0];
  return { uid: Number(account?.[2] ?? 65534), gid: Number(account?.[3] ?? 65534) };
}

function canRun(way: RunAs, command: string[]): boolean {
  try {
    return Bun.spawnSync([...way.prefix, ...command], {
      ...way.ids,
      env: environment,
      stdout: "ignore",
      stderr: "ignore",
    }).success;
  } catch {
    return false;
  }
}
