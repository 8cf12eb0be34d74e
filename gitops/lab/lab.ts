import { existsSync, mkdirSync, openSync } from "node:fs";
import { join } from "node:path";

/** The outcome of a command that ran to its end. */
export type Ran = { ok: boolean; stdout: string; stderr: string };

/**
 * Processes in a network namespace with only a loopback interface. Argo CD binds some ports on every address, and the lab must not
 * be reachable from outside or occupy another program's port.
 */
export class Lab {
  readonly #children: { name: string; child: Bun.Subprocess }[] = [];

  constructor(
    /** The only folder that is written to. */
    readonly folder: string,
    /** The folder with kube-apiserver, argocd, kwok and the others. */
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

  /** `command` wrapped to run inside the namespace. */
  inside(command: readonly string[]): string[] {
    return ["ip", "netns", "exec", this.namespace, ...command];
  }

  environment(extra: Record<string, string> = {}): Record<string, string | undefined> {
    return { ...process.env, PATH: `${this.binaries}:${process.env.PATH}`, ...extra };
  }

  /** Starts a process that runs until `close`; its output goes to `log/<name>.log`. */
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

  /** As `run`. @throws Error with the command's output if it failed. */
  async must(
    command: readonly string[],
    options: { input?: string; env?: Record<string, string> } = {},
  ): Promise<string> {
    const ran = await this.run(command, options);
    if (!ran.ok) throw new Error(`${command.slice(0, 6).join(" ")}: ${ran.stderr.trim() || ran.stdout.trim()}`);
    return ran.stdout;
  }

  /** Names of processes that exited unexpectedly. */
  dead(): string[] {
    return this.#children.filter(({ child }) => child.exitCode !== null).map(({ name }) => name);
  }

  /** Stops all processes in reverse order. */
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
