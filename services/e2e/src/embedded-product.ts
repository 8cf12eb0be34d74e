import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { defaultPorts, type ServiceName } from "@carillon/contracts/names";
import { freePorts } from "@carillon/host/ports";
import { until } from "@carillon/testing/until";
import { startChild } from "./child.ts";
import { databaseUrlOf } from "./data-folder.ts";
import { cleanEnvironment, isReady } from "./environment.ts";
import type { Product, ProductOptions } from "./product-type.ts";

const root = resolve(import.meta.dir, "../../..");
const asked = ["api", "web", "audit", "realtime"] as const;

/** The product in one process, as `npm start` runs it. */
export async function startEmbedded({ env = {}, args = [], preload }: ProductOptions): Promise<Product> {
  const dataDir = mkdtempSync(join(tmpdir(), "carillon-e2e-"));
  const names = Object.keys(defaultPorts) as ServiceName[];
  const ports = await freePorts(names.length);
  const portOf = (name: ServiceName) => ports[names.indexOf(name)] ?? 0;
  const address = (name: ServiceName) => `http://127.0.0.1:${portOf(name)}`;
  const child = startChild({
    command: [
      process.execPath,
      ...(preload ? ["--preload", preload] : []),
      "services/launch/embedded/src/main.ts",
      ...args,
    ],
    cwd: root,
    environment: {
      ...cleanEnvironment(),
      DATA_DIR: dataDir,
      RATE_LIMIT_PER_MINUTE: "0",
      LOG_LEVEL: "warn",
      ...Object.fromEntries(names.map((name) => [`${name.toUpperCase()}_PORT`, String(portOf(name))])),
      ...env,
    },
  });
  const isUp = () =>
    until(
      "the product answers",
      async () => {
        if (child.exitCode() !== null)
          throw new Error(`The product ended with ${child.exitCode()}:\n${child.output()}`);
        return (await Promise.all(asked.map((name) => isReady(address(name))))).every(Boolean);
      },
      60_000,
    );

  await isUp();
  return {
    web: address("web"),
    api: address("api"),
    realtime: address("realtime"),
    audit: address("audit"),
    dataDir,
    figures: async (service) => (await fetch(`${address(service)}/metrics`)).text(),
    databaseUrl: () => env.DATABASE_URL ?? databaseUrlOf(dataDir),
    opsEnvironment: () => ({ DATA_DIR: dataDir }),
    pid: child.pid,
    output: child.output,
    kill: async () => void (await child.end("SIGKILL")),
    terminate: () => child.end("SIGTERM"),
    async restart() {
      child.launch();
      await isUp();
    },
    async dispose() {
      await child.end("SIGTERM");
      rmSync(dataDir, { recursive: true, force: true });
    },
  };
}
