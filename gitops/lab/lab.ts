import { existsSync, mkdirSync, openSync } from "node:fs";
import { join } from "node:path";

/** The outcome of a command that ran to its end. */
export type Ran = { ok: boolean; stdout: string; stderr: string };

/**
 * Processes in a network of their own: a namespace that has a loopback and nothing else. Argo CD binds some ports on every address, and
 * nothing of a laboratory may be reachable from outside, or take a port of another program.
 */
export class Lab {
  readonly #children: { name: string; child: Bun.Subprocess }[] = [];

  constructor(
    /** Where everything is written; nothing outside it. */
    readonly folder: string,
    /** Where kube-apiserver, argocd, kwok and the others lie. */
    readonly binaries: string,
    private readonly namespace: string,
  ) {
    mkdirSync(join(folder, "log"), { recursive: true });
  }

  /** @throws Error with what is missing, and how to get it. */
  open(): void {
    const needed = [
      "etcd",
      "kube-apiserver",
      "kube-controller-manager",
      "kube-scheduler",
      "kubectl",
      "kustomize",
      "kwok",
      "argocd",
    ];
    const missing = needed.filter((name) => !existsSync(join(this.binaries, name)));
    if (missing.length > 0) throw new Error(`KUBERNETES_BIN (${this.binaries}) lacks ${missing.join(", ")}.`);
    const tools = ["ip", "redis-server", "git", "openssl"].filter((name) => Bun.which(name) === null);
    if (tools.length > 0) throw new Error(`Not installed: ${tools.join(", ")}.`);
    const made = Bun.spawnSync(["ip", "netns", "add", this.namespace]);
    if (made.exitCode !== 0)
      throw new Error(`No network namespace could be made (root?): ${made.stderr.toString().trim()}`);
    Bun.spawnSync(["ip", "-n", this.namespace, "link", "set", "lo", "up"]);
  }

  path(...parts: string[]): string {
    return join(this.folder, ...parts);
  }

  /** `command` as it must be spawned to run inside. */
  inside(command: readonly string[]): string[] {
    return ["ip", "netns", "exec", this.namespace, ...command];
  }

  environment(extra: Record<string, string> = {}): Record<string, string | undefined> {
    return { ...process.env, PATH: `${this.binaries}:${process.env.PATH}`, ...extra };
  }

  /** Starts a process that stays until `close`; what it says goes to `log/<name>.log`. */
  start(name: string, command: readonly string[], extra: Record<string, string> = {}): void {
    const log = openSync(this.path("log", `${name}.log`), "a");
    const child = Bun.spawn(this.inside(command), {
      env: this.environment(extra),
      stdin: "ignore",
      stdout: log,
      stderr: log,
    });
    this.#children.push({ name, child });
  }

  /** Runs a command to its end, inside. */
  async run(command: readonly string[], options: { input?: string; env?: Record<string, string> } = {}): Promise<Ran> {
    const child = Bun.spawn(this.inside(command), {
      env: this.environment(options.env),
      stdin: options.input === undefined ? "ignore" : new TextEncoder().encode(options.input),
      stdout: "pipe",
      stderr: "pipe",
    });
    const [stdout, stderr, code] = await Promise.all([
      new Response(child.stdout).text(),
      new Response(child.stderr).text(),
      child.exited,
    ]);
    return { ok: code === 0, stdout, stderr };
  }

  /** As `run`. @throws Error with what the command said, if it failed. */
  async must(
    command: readonly string[],
    options: { input?: string; env?: Record<string, string> } = {},
  ): Promise<string> {
    const ran = await this.run(command, options);
    if (!ran.ok) throw new Error(`${command.slice(0, 6).join(" ")}: ${ran.stderr.trim() || ran.stdout.trim()}`);
    return ran.stdout;
  }

  /** Names of processes that ended without being asked to. */
  dead(): string[] {
    return this.#children.filter(({ child }) => child.exitCode !== null).map(({ name }) => name);
  }

  /** Ends everything that was started, the last one first. */
  async close(): Promise<void> {
    for (const { child } of this.#children.toReversed()) {
      child.kill("SIGTERM");
      const killer = setTimeout(() => child.kill("SIGKILL"), 3_000);
      await child.exited;
      clearTimeout(killer);
    }
    Bun.spawnSync(["ip", "netns", "del", this.namespace]);
  }
}

/**
 * Milliseconds until `condition` held.
 * @throws Error naming `what`, with the last reason, if it did not within `timeoutMs`.
 */
export async function waitFor(what: string, timeoutMs: number, condition: () => Promise<boolean>): Promise<number> {
  const startedAt = performance.now();
  let reason = "";
  while (performance.now() - startedAt < timeoutMs) {
    try {
      if (await condition()) return performance.now() - startedAt;
    } catch (error) {
      reason = error instanceof Error ? `: ${error.message}` : "";
    }
    await Bun.sleep(250);
  }
  throw new Error(`Not within ${timeoutMs / 1_000} s: ${what}${reason}`);
}
