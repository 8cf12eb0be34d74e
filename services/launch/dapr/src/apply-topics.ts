import { join } from "node:path";

const command = join(import.meta.dir, "../../../ops/src/main.ts");

/** A broker that has just started does not know all of its parts yet. */
const patienceMs = 30_000;

/**
 * Creates the catalogue's topics, with their partitions and retention, through the operators' own
 * command (`ops topics apply`).
 * @throws Error with its output when it does not succeed in time.
 */
export async function applyTopics(environment: Record<string, string>, dataDir: string): Promise<void> {
  for (const startedAt = performance.now(); ; await Bun.sleep(500)) {
    const child = Bun.spawn([process.execPath, command, "topics", "apply"], {
      cwd: dataDir,
      env: environment,
      stdin: "ignore",
      stdout: "pipe",
      stderr: "pipe",
    });
    const [out, err] = await Promise.all([new Response(child.stdout).text(), new Response(child.stderr).text()]);
    if ((await child.exited) === 0) return;
    if (performance.now() - startedAt > patienceMs)
      throw new Error(`The topics cannot be created: ${(err || out).trim()}`);
  }
}
