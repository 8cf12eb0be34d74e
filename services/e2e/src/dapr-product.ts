import { appendFileSync, existsSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { type ServiceName, services } from "@carillon/contracts/names";
import { accepts, freePorts } from "@carillon/host/ports";
import { until } from "@carillon/testing/until";
import { startChild } from "./child.ts";
import { databaseUrlOf } from "./data-folder.ts";
import { cleanEnvironment, isReady } from "./environment.ts";
import { freeBlock } from "./free-block.ts";
import { alive, type Process, readProcesses } from "./processes.ts";
import type { Product, ProductOptions } from "./product-type.ts";

const root = resolve(import.meta.dir, "../../..");
/** The data folder of the product that all files of a run share; unset: each file starts one of its own. */
export const sharedFolder = "CARILLON_SHARED_DATA_DIR";
const outputFile = "output.log";
/** Java is slow on a busy machine. */
const startMs = 180_000;
const asked = ["api", "web", "audit", "realtime", "notification", "recurring"] as const;

/** The product with one process per service, each with its sidecar; its supervisor restarts what dies. */
export type DaprProduct = Product & {
  /** Every process by its name: a service's, `<service>-sidecar`, `scheduler`, `broker`, `zipkin`. */
  processes(): Record<string, Process>;
  /** SIGKILL; resolves when its pid is gone. */
  killOne(name: string): Promise<void>;
  /** SIGKILL, and again whenever it comes back before `ms` have passed; then resolves when it is back. */
  holdDown(name: string, ms: number): Promise<void>;
  /** Resolves when the supervisor has restarted that process and every service is ready. */
  untilBack(name: string, oldPid: number): Promise<void>;
};

/** The shared one, or one of its own. */
export async function startOnDapr(options: ProductOptions = {}): Promise<DaprProduct> {
  const shared = process.env[sharedFolder];
  if (!shared) return startOwn(options);
  await untilReady(shared, () => null);
  const product = handle(shared, { databaseUrl: () => databaseUrlOf(shared) });
  const refuse = () => Promise.reject(new Error("The shared product cannot be ended by one test file."));
  return {
    ...product,
    pid: () => product.processes().supervisor?.pid ?? 0,
    output: () => readFileSync(join(shared, outputFile), "utf8"),
    terminate: refuse,
    dispose: async () => {},
  };
}

/** On free ports, with a folder of its own. */
export async function startOwn({ env = {} }: ProductOptions): Promise<DaprProduct> {
  const dataDir = mkdtempSync(join(tmpdir(), "carillon-dapr-e2e-"));
  const names: readonly ServiceName[] = services;
  const ports = await freePorts(2 * names.length + 2);
  const [kafka] = await freeBlock(2);
  const [sidecars] = await freeBlock(40);
  const onOutput = (text: string) => appendFileSync(join(dataDir, outputFile), text);
  const child = startChild({
    command: [process.execPath, "services/launch/dapr/src/main.ts"],
    cwd: root,
    onOutput,
    environment: {
      ...cleanEnvironment(),
      STACK_DIR: process.env.STACK_DIR ?? "",
      DATA_DIR: dataDir,
      RATE_LIMIT_PER_MINUTE: "0",
      LOG_LEVEL: "warn",
      // Receivers of channels are on this machine, too.
      CHANNEL_NETWORKS: "127.0.0.0/8",
      ...portsOf(names, ports.slice(2)),
      SCHEDULER_PORT: String(ports[0]),
      ZIPKIN_PORT: String(ports[1]),
      KAFKA_PORT: String(kafka),
      SIDECAR_PORT: String(sidecars),
      ...env,
    },
  });
  const hasEnded = () => (child.exitCode() === null ? null : `It ended with ${child.exitCode()}:\n${child.output()}`);
  const isThere = () => existsSync(join(dataDir, "processes.json"));
  const isUp = async () => {
    await until("the product names its processes", () => endedOr(hasEnded, isThere()), startMs);
    await untilReady(dataDir, hasEnded);
    const web = `localhost:${readProcesses(dataDir).web?.port}`;
    await until("it says where it is", () => endedOr(hasEnded, child.output().includes(web)), startMs);
  };
  await isUp().catch(async (error: unknown) => {
    // In order, so that everything it has started ends with it.
    if (child.exitCode() === null) await child.end("SIGTERM");
    throw error;
  });
  const product = handle(dataDir, { databaseUrl: () => env.DATABASE_URL ?? databaseUrlOf(dataDir) });
  return {
    ...product,
    pid: child.pid,
    output: child.output,
    terminate: () => child.end("SIGTERM"),
    async restart() {
      if (child.exitCode() !== null) {
        rmSync(join(dataDir, "processes.json"), { force: true });
        child.launch();
        await isUp();
      } else await product.restart();
    },
    async dispose() {
      if (child.exitCode() === null) await child.end("SIGTERM");
      rmSync(dataDir, { recursive: true, force: true });
    },
  };
}

type Handle = Omit<DaprProduct, "pid" | "output" | "terminate" | "dispose">;

function handle(dataDir: string, { databaseUrl }: Pick<Product, "databaseUrl">): Handle {
  const processes = () => readProcesses(dataDir);
  const address = (name: ServiceName) => `http://127.0.0.1:${processes()[name]?.port}`;
  const killOne = async (name: string) => {
    const pid = processes()[name]?.pid;
    if (!pid) throw new Error(`${name} has no process.`);
    process.kill(pid, "SIGKILL");
    await until(`${name} is gone`, () => !alive(pid), 5_000);
  };
  const product: Handle = {
    web: address("web"),
    api: address("api"),
    realtime: address("realtime"),
    audit: address("audit"),
    dataDir,
    figures: async (service) => (await fetch(`http://127.0.0.1:${processes()[service]?.internalPort}/metrics`)).text(),
    databaseUrl,
    opsEnvironment: () => settingsIn(readFileSync(join(dataDir, "ops.env"), "utf8")),
    processes,
    killOne,
    async kill() {
      const names = Object.keys(processes()).filter((name) => services.some((service) => name.startsWith(service)));
      for (const name of names) await killOne(name);
    },
    restart: () => untilReady(dataDir, () => null),
    async holdDown(name, ms) {
      const until = Date.now() + ms;
      let killed = 0;
      while (Date.now() < until) {
        const pid = processes()[name]?.pid;
        if (pid && pid !== killed) {
          killed = pid;
          await killOne(name);
        }
        await Bun.sleep(50);
      }
      await product.untilBack(name, killed);
    },
    async untilBack(name, oldPid) {
      await until(
        `${name} is started again`,
        async () => {
          const now = processes()[name];
          return now !== undefined && now.pid !== oldPid && alive(now.pid) && (await takesCalls(now.port));
        },
        60_000,
      );
      await untilReady(dataDir, () => null);
    },
  };
  return product;
}

/** Lines of `NAME=value`, quoted or not. */
const settingsIn = (text: string): Record<string, string> =>
  Object.fromEntries([...text.matchAll(/^(\w+)=["']?(.*?)["']?$/gm)].map(([, name, value]) => [name, value]));

/** A process without a port counts as up when it is alive. */
const takesCalls = async (port: number | undefined): Promise<boolean> => port === undefined || accepts(port);

/** Resolves when every named process is alive and every service is ready. @throws when the product has ended. */
async function untilReady(dataDir: string, hasEnded: () => string | null): Promise<void> {
  await until(
    "every service is ready",
    async () => {
      const now = readProcesses(dataDir);
      if (!asked.every((name) => now[name] && alive(now[name].pid))) return endedOr(hasEnded, false);
      const answers = asked.map((name) => isReady(`http://127.0.0.1:${now[name]?.port}`));
      return endedOr(hasEnded, (await Promise.all(answers)).every(Boolean));
    },
    startMs,
  );
}

/** Each service's two ports. */
const portsOf = (names: readonly ServiceName[], ports: readonly number[]): Record<string, string> =>
  Object.fromEntries(
    names.flatMap((name, at) => [
      [`${name.toUpperCase()}_PORT`, String(ports[at])],
      [`${name.toUpperCase()}_INTERNAL_PORT`, String(ports[names.length + at])],
    ]),
  );

function endedOr(hasEnded: () => string | null, holds: boolean): boolean {
  const ended = hasEnded();
  if (ended !== null) throw new Error(ended);
  return holds;
}
