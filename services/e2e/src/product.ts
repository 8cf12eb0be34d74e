import { mkdtempSync, rmSync } from "node:fs";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { defaultPorts, type ServiceName } from "@carillon/contracts/names";
import { waitUntil } from "./wait-until.ts";

const root = resolve(import.meta.dir, "../../..");

/** The product as a process of its own, as a person starts it: only addresses and signals reach it. */
export type Product = {
  web: string;
  api: string;
  realtime: string;
  audit: string;
  dataDir: string;
  /** Process id of the product itself, not of its database. */
  pid(): number;
  /** What it has printed so far. */
  output(): string;
  /** Ends it as a power cut would: nothing gets to finish. */
  kill(): Promise<void>;
  /** Asks it to stop; answers its exit code. */
  terminate(): Promise<number>;
  /** Starts it again on the same data and ports. */
  restart(): Promise<void>;
  /** Ends it and removes its data. */
  dispose(): Promise<void>;
};

export type ProductOptions = { env?: Record<string, string>; args?: string[] };

/** Started on free ports with a data directory of its own, without limits on the rate of requests unless `env` says otherwise. */
export async function startProduct({ env = {}, args = [] }: ProductOptions = {}): Promise<Product> {
  const dataDir = mkdtempSync(join(tmpdir(), "carillon-e2e-"));
  const ports = await freePorts(Object.keys(defaultPorts).length);
  const names = Object.keys(defaultPorts) as ServiceName[];
  const portOf = (name: ServiceName) => ports[names.indexOf(name)] ?? 0;
  const address = (name: ServiceName) => `http://127.0.0.1:${portOf(name)}`;
  const settings = {
    ...inherited(),
    DATA_DIR: dataDir,
    RATE_LIMIT_PER_MINUTE: "0",
    LOG_LEVEL: "warn",
    ...Object.fromEntries(names.map((name) => [`${name.toUpperCase()}_PORT`, String(portOf(name))])),
    ...env,
  };
  let printed = "";
  let child = launch();

  function launch() {
    const started = Bun.spawn([process.execPath, "services/standalone/src/main.ts", ...args], {
      cwd: root,
      env: settings,
      stdout: "pipe",
      stderr: "pipe",
    });
    for (const stream of [started.stdout, started.stderr]) void collect(stream);
    return started;
  }

  async function collect(stream: ReadableStream<Uint8Array>) {
    const decoder = new TextDecoder();
    for await (const chunk of stream) printed += decoder.decode(chunk, { stream: true });
  }

  async function isUp() {
    const names = ["api", "web", "audit", "realtime"] as const;
    await waitUntil("the product answers", 60_000, async () => {
      if (child.exitCode !== null) throw new Error(`The product ended with ${child.exitCode}:\n${printed}`);
      const answers = await Promise.all(
        names.map((name) =>
          fetch(`${address(name)}/health/ready`).then(
            (response) => response.ok,
            () => false,
          ),
        ),
      );
      return answers.every(Boolean);
    });
  }

  const stop = async (signal: NodeJS.Signals) => {
    child.kill(signal);
    return child.exited;
  };
  await isUp();
  return {
    web: address("web"),
    api: address("api"),
    realtime: address("realtime"),
    audit: address("audit"),
    dataDir,
    pid: () => child.pid,
    output: () => printed,
    kill: async () => void (await stop("SIGKILL")),
    terminate: () => stop("SIGTERM"),
    async restart() {
      child = launch();
      await isUp();
    },
    async dispose() {
      await stop("SIGTERM");
      rmSync(dataDir, { recursive: true, force: true });
    },
  };
}

/** The environment without anything that would steer the product elsewhere. */
function inherited(): Record<string, string> {
  const { PATH = "", HOME = "", TMPDIR, USER = "" } = process.env;
  return { PATH, HOME, USER, TZ: "UTC", ...(TMPDIR ? { TMPDIR } : {}) };
}

async function freePorts(count: number): Promise<number[]> {
  const servers = await Promise.all(Array.from({ length: count }, () => listening()));
  const ports = servers.map((server) => {
    const address = server.address();
    return typeof address === "object" && address ? address.port : 0;
  });
  await Promise.all(servers.map((server) => new Promise((done) => server.close(done))));
  return ports;
}

function listening() {
  return new Promise<ReturnType<typeof createServer>>((done, fail) => {
    const server = createServer().once("error", fail);
    server.listen(0, "127.0.0.1", () => done(server));
  });
}
