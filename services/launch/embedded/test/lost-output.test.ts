import { afterAll, expect, test } from "bun:test";
import { join } from "node:path";
import { freeUrls, newDataDir, removeDataDir } from "./product.ts";

const dataDir = newDataDir();
afterAll(() => removeDataDir(dataDir));

test("a product whose log is no longer read keeps running", async () => {
  const urls = await freeUrls();
  const ports = Object.entries(urls).map(([name, url]) => [`${name.toUpperCase()}_PORT`, new URL(url).port]);
  const { PATH = "", HOME = "" } = process.env;
  const child = Bun.spawn([process.execPath, "--no-env-file", join(import.meta.dir, "../src/main.ts")], {
    env: { PATH, HOME, DATA_DIR: dataDir, LOG_LEVEL: "info", ...Object.fromEntries(ports) },
    stdin: "ignore",
    stdout: "pipe",
    stderr: "pipe",
  });
  try {
    const isUp = () =>
      fetch(`${urls.web}/health/ready`)
        .then(({ ok }) => ok)
        .catch(() => false);
    for (let waitedMs = 0; !(await isUp()); waitedMs += 50) {
      if (child.exitCode !== null || waitedMs > 60_000) throw new Error(`It did not start (${child.exitCode}).`);
      await Bun.sleep(50);
    }
    await Promise.all([child.stdout.cancel(), child.stderr.cancel()]);
    // Each of these is a line of the log.
    for (let request = 0; request < 20; request++) expect((await fetch(`${urls.api}/api/tasks`)).status).toBe(401);
    await Bun.sleep(500);
    expect(child.exitCode).toBeNull();
    child.kill("SIGTERM");
    expect(await child.exited).toBe(0);
  } finally {
    child.kill("SIGKILL");
  }
});
