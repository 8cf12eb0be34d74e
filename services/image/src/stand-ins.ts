import { existsSync, mkdirSync, symlinkSync } from "node:fs";
import { join } from "node:path";
import { mustRun } from "./command.ts";

/** Stand-ins for the Dockerfile's two base images, by their `--build-arg`. */
export type StandIns = { BUILDER: string; BUN: string };

/** What the base of a distroless image holds, and what `RUN` needs besides. */
const runtimePackages = ["libc6", "tzdata", "ca-certificates"];
const shellPackages = ["dash"];

/**
 * Images made of this machine's own Debian packages and its Bun, where no registry can be reached.
 * They contain what the named ones contain: the C library, time zones, certificates and Bun; the
 * builder's a shell, too, and this machine's trusted certificates.
 */
export function makeStandIns(buildah: readonly string[], folder: string): StandIns {
  const runtime = join(folder, "runtime");
  const shell = join(folder, "shell");
  copyPackages(runtimePackages, runtime);
  mkdirSync(join(runtime, "usr/local/bin"), { recursive: true });
  mkdirSync(join(runtime, "tmp"), { recursive: true });
  mustRun(["cp", "--dereference", process.execPath, join(runtime, "usr/local/bin/bun")]);
  mustRun(["chmod", "1777", join(runtime, "tmp")]);
  copyPackages(shellPackages, shell);
  if (!existsSync(join(shell, "bin/sh"))) symlinkSync("dash", join(shell, "bin/sh"));
  const BUN = commit(buildah, "scratch", runtime, "localhost/carillon-bun:runtime", {});
  const trusted = process.env.NODE_EXTRA_CA_CERTS;
  if (trusted) mustRun(["cp", "--dereference", trusted, join(shell, "trusted.pem")]);
  const BUILDER = commit(buildah, BUN, shell, "localhost/carillon-bun:builder", {
    HOME: "/root",
    ...(trusted ? { NODE_EXTRA_CA_CERTS: "/trusted.pem" } : {}),
  });
  return { BUILDER, BUN };
}

/** The files of installed packages. */
function copyPackages(packages: readonly string[], target: string): void {
  // Where `lib` and the like are links into `usr`, their targets must exist first.
  for (const part of ["bin", "sbin", "lib", "lib64"]) mkdirSync(join(target, "usr", part), { recursive: true });
  const listed = mustRun(["dpkg", "-L", ...packages]).split("\n");
  const files = listed.filter((path) => /^\/[^.]/.test(path) && !/^\/usr\/share\/(doc|man|locale|lintian)/.test(path));
  const archive = `${target}.tar`;
  const list = Buffer.from(files.join("\n"));
  mustRun(["tar", "--create", "--no-recursion", "--directory=/", `--file=${archive}`, "--files-from=-"], list);
  mustRun(["tar", "--extract", `--directory=${target}`, `--file=${archive}`]);
}

function commit(
  buildah: readonly string[],
  from: string,
  folder: string,
  name: string,
  variables: Record<string, string>,
): string {
  const container = mustRun([...buildah, "from", from]).trim();
  mustRun([...buildah, "copy", "-q", container, folder, "/"]);
  const all = { PATH: "/usr/local/bin:/usr/bin:/bin", ...variables };
  const options = Object.entries(all).flatMap(([key, value]) => ["--env", `${key}=${value}`]);
  mustRun([...buildah, "config", ...options, container]);
  mustRun([...buildah, "commit", "-q", container, name]);
  mustRun([...buildah, "rm", container]);
  return name;
}
