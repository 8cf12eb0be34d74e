import { expect, test } from "bun:test";
import { join } from "node:path";

const module = JSON.stringify(join(import.meta.dir, "../src/service/stop-signal.ts"));

test("a stop request in the very instant in which a process starts to listen for it is heard", async () => {
  const program = `
    import { stopRequested } from ${module};
    const asked = stopRequested();
    process.kill(process.pid, "SIGTERM");
    console.log(await asked);
    process.exit(0);`;
  for (let turn = 0; turn < 5; turn++) {
    const child = Bun.spawn([process.execPath, "-e", program], { stdin: "ignore", stdout: "pipe", stderr: "inherit" });
    expect(await new Response(child.stdout).text()).toBe("SIGTERM\n");
    expect(await child.exited).toBe(0);
  }
});
