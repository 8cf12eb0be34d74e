import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { services } from "@carillon/contracts/names";
import { freePorts } from "@carillon/host/ports";

export type ProductUrls = Record<"web" | "api" | "notification" | "recurring" | "audit" | "realtime", string>;

export type RunningProduct = {
  urls: ProductUrls;
  dataDir: string;
  pid: number;
  /** Everything it has written so far. */
  output(): string;
  /** Asks it to end (SIGTERM); returns its exit code. */
  stop(): Promise<number>;
  /** SIGKILL: no process is notified. */
  kill(): Promise<void>;
};

export type ProductOptions = {
  /** A folder of its own, removed with `removeDataDir`; an existing one is reused with its data. */
  dataDir?: string;
  environment?: Record<string, string>;
  options?: readonly string[];
  /** A file that the product loads before its own. */
  preload?: string;
  /** The ports of an earlier run, to restart it where its clients look. */
  urls?: ProductUrls;
};

const main = join(import.meta.dir, "../src/main.ts");
const readyMs = 60_000;

export const newDataDir = (): string => mkdtempSync(join(tmpdir(), "carillon-product-"));
export const removeDataDir = (dataDir: string): void => rmSync(dataDir, { recursive: true, force: true });

/**
 * Starts the whole product in a process of its own, on free ports and without rate limits, and waits
 * until it answers.
 */
export async function startProduct(given: ProductOptions = {}): Promise<RunningProduct> {
  const dataDir = given.dataDir ?? newDataDir();
  const urls = given.urls ?? (await freeUrls());
  const { child, exited, output } = spawnProduct({ ...given, dataDir, urls });
  for (let waitedMs = 0; !output().includes("Carillon is ready at"); waitedMs += 20) {
    if (child.exitCode !== null || waitedMs > readyMs) {
      child.kill("SIGKILL");
      throw new Error(`The product did not start (exit code ${child.exitCode}): ${output()}`);
    }
    await Bun.sleep(20);
  }
  return {
    urls,
    dataDir,
    pid: child.pid,
    output,
    async stop() {
      child.kill("SIGTERM");
      return exited;
    },
    async kill() {
      child.kill("SIGKILL");
      await exited;
    },
  };
}

/** Output and exit code of a start that should fail. */
export async function refusedStart(given: ProductOptions): Promise<{ exitCode: number; output: string }> {
  const dataDir = given.dataDir ?? newDataDir();
  const { child, exited, output } = spawnProduct({ ...given, dataDir, urls: given.urls ?? (await freeUrls()) });
  const timer = setTimeout(() => child.kill("SIGKILL"), readyMs);
  const exitCode = await exited;
  clearTimeout(timer);
  return { exitCode, output: output() };
}

export async function freeUrls(): Promise<ProductUrls> {
  const [web, api, notification, recurring, audit, realtime] = (await freePorts(6)).map(
    (port) => `http://localhost:${port}`,
  );
  if (!web || !api || !notification || !recurring || !audit || !realtime)
    throw new Error("There are no six free ports.");
  return { web, api, notification, recurring, audit, realtime };
}

function spawnProduct({
  dataDir,
  urls,
  environment = {},
  options = [],
  preload,
}: ProductOptions & { dataDir: string; urls: ProductUrls }) {
  const hosted = services.filter((name) => name !== "ops");
  const ports = Object.fromEntries(hosted.map((name) => [`${name.toUpperCase()}_PORT`, new URL(urls[name]).port]));
  const { PATH = "", HOME = "" } = process.env;
  const child = Bun.spawn(
    [process.execPath, "--no-env-file", ...(preload ? ["--preload", preload] : []), main, ...options],
    {
      env: { PATH, HOME, DATA_DIR: dataDir, RATE_LIMIT_PER_MINUTE: "0", ...ports, ...environment },
      stdin: "ignore",
      stdout: "pipe",
      stderr: "pipe",
    },
  );
  let text = "";
  const read = async (stream: ReadableStream<Uint8Array>): Promise<void> => {
    const decoder = new TextDecoder();
    for await (const chunk of stream) text += decoder.decode(chunk, { stream: true });
  };
  // A database server that outlives a killed product holds none of its pipes, so the streams end with
  // the product.
  const reading = Promise.all([read(child.stdout), read(child.stderr)]);
  const exited = child.exited.then(async (code) => {
    await reading;
    return code;
  });
  return { child, exited, output: () => text };
}
