import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { at, textAt, wordsAt } from "@carillon/kustomize/files";
import { mustRun } from "./command.ts";

/** A built image, unpacked: its program and its user. */
export type Unpacked = {
  rootfs: string;
  entrypoint: string[];
  folder: string;
  user: string;
  variables: string[];
  labels: unknown;
};

export function unpack(buildah: readonly string[], image: string): Unpacked {
  const container = mustRun([...buildah, "from", image]).trim();
  const rootfs = mustRun([...buildah, "mount", container]).trim();
  const inspected: unknown = JSON.parse(mustRun([...buildah, "inspect", "--type", "image", image]));
  const config = at(inspected, "OCIv1", "config");
  return {
    rootfs,
    entrypoint: wordsAt(config, "Entrypoint"),
    folder: textAt(config, "WorkingDir"),
    user: textAt(config, "User"),
    variables: wordsAt(config, "Env"),
    labels: at(config, "Labels"),
  };
}

/** How a container is started here; `said` describes it. */
export type Runtime = {
  said: string;
  command: (bundle: string, id: string, image: Unpacked, words: readonly string[]) => string[];
};

/**
 * runc or crun, whichever starts a container here; without either, the unpacked image in namespaces of
 * its own, by chroot as the same user with the same read-only root.
 */
export function findRuntime(image: Unpacked, folder: string): Runtime {
  for (const name of ["runc", "crun"]) {
    const found = Bun.which(name);
    if (!found) continue;
    const bundle = writeBundle(join(folder, `probe-${name}`), image, ["/usr/local/bin/bun", "--version"], {});
    if (Bun.spawnSync([found, "run", "--bundle", bundle, `carillon-probe-${process.pid}`]).exitCode === 0) {
      return { said: `a container of ${name}`, command: (made, id) => [found, "run", "--bundle", made, id] };
    }
  }
  return {
    said: "the unpacked image by chroot, for no container can start here",
    command: (_bundle, _id, { rootfs, user }, words) => {
      const mounts = `mount --bind ${rootfs} ${rootfs} && mount -o remount,ro,bind ${rootfs} && mount -t tmpfs tmpfs ${rootfs}/tmp`;
      const enter = `exec chroot --userspec=${user} ${rootfs} "$@"`;
      return [
        "unshare",
        "--mount",
        "--pid",
        "--fork",
        "--kill-child",
        "sh",
        "-c",
        `${mounts} && ${enter}`,
        "sh",
        ...words,
      ];
    },
  };
}

/** A bundle of the Open Container Initiative: the pod's security context of kustomize/components/pod-defaults, on this machine's network. */
export function writeBundle(
  bundle: string,
  image: Unpacked,
  args: readonly string[],
  variables: Record<string, string>,
): string {
  const [uid, gid] = image.user.split(":").map(Number);
  const config = {
    ociVersion: "1.0.2",
    process: {
      user: { uid, gid },
      args,
      env: [...image.variables, ...Object.entries(variables).map(([key, value]) => `${key}=${value}`)],
      cwd: image.folder,
      noNewPrivileges: true,
      capabilities: {},
    },
    root: { path: image.rootfs, readonly: true },
    mounts: [
      { destination: "/proc", type: "proc", source: "proc" },
      { destination: "/dev", type: "tmpfs", source: "tmpfs", options: ["nosuid", "mode=755"] },
      { destination: "/tmp", type: "tmpfs", source: "tmpfs", options: ["nosuid", "nodev", "mode=1777"] },
    ],
    linux: { namespaces: ["pid", "mount", "ipc", "uts"].map((type) => ({ type })) },
  };
  mkdirSync(bundle, { recursive: true });
  writeFileSync(join(bundle, "config.json"), JSON.stringify(config));
  return bundle;
}

/** A running container; its output is kept. */
export type Container = { child: Bun.Subprocess<"ignore", "pipe", "pipe">; output: () => Promise<string> };

let started = 0;

/** Starts the image's program with these words after its name, or another `program` in its place. */
export function start(
  runtime: Runtime,
  image: Unpacked,
  {
    folder,
    words = [],
    program,
    variables = {},
  }: { folder: string; words?: string[]; program?: string[]; variables?: Record<string, string> },
): Container {
  started += 1;
  const id = `carillon-${process.pid}-${started}`;
  const args = [...(program ?? image.entrypoint), ...words];
  const bundle = writeBundle(join(folder, id), image, args, variables);
  const child = Bun.spawn(runtime.command(bundle, id, image, args), {
    stdin: "ignore",
    stdout: "pipe",
    stderr: "pipe",
    env: { ...process.env, ...variables },
  });
  const output = Promise.all([new Response(child.stdout).text(), new Response(child.stderr).text()]).then((all) =>
    all.join(""),
  );
  return { child, output: () => output };
}
