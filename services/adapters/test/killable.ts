import { join } from "node:path";

type Options = {
  /** A script beside this file; it writes a line when it is ready. */
  script: string;
  /** Its arguments before the address of `handle`, and after it. */
  before: readonly string[];
  after?: readonly string[];
  /** Answers its requests, in the test's process. */
  handle(request: Request): Response | Promise<Response>;
  /** What has to be closed after the test. */
  closing: (() => Promise<unknown>)[];
};

/** A process that can be killed as with `kill -9`; its doors are the test's, reached through a port. */
export async function startKillable({ script, before, after = [], handle, closing }: Options) {
  const server = Bun.serve({ port: 0, hostname: "127.0.0.1", idleTimeout: 0, fetch: handle });
  const child = Bun.spawn([process.execPath, join(import.meta.dir, script), ...before, server.url.origin, ...after], {
    stdout: "pipe",
    stderr: "inherit",
  });
  closing.push(async () => {
    child.kill("SIGKILL");
    await server.stop(true);
  });
  await child.stdout.getReader().read();
  return {
    async kill() {
      child.kill("SIGKILL");
      await child.exited;
    },
  };
}
