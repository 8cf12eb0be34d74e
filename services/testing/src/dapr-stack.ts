import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { freePorts } from "@carillon/host/ports";
import { startTied, type TiedProcess, untilUp } from "./tied-process.ts";

/** A Dapr resource (component, subscription, resiliency, configuration): JSON is YAML. */
export type Resource = { kind: string; metadata: { name: string }; [field: string]: unknown };

export type SidecarOptions = {
  appId: string;
  /** The app's address; none: it only serves this process. */
  appPort?: number;
  resources: readonly Resource[];
  /** `127.0.0.1:port` of the scheduler; none: there are no jobs. */
  scheduler?: string;
  /** The token it presents to its app. */
  appToken?: string;
  /** The token it requires from callers. */
  daprToken?: string;
  environment?: Record<string, string>;
};

export type Sidecar = TiedProcess & { url: URL };

/** Real Dapr programs from `STACK_DIR/bin`, on loopback, with one temporary folder for all of them. */
export type DaprStack = {
  folder: string;
  startSidecar(options: SidecarOptions): Promise<Sidecar>;
  /** One at a time; started again in the same folder it still knows its jobs. */
  startScheduler(): Promise<TiedProcess & { address: string }>;
  /** Ends what is left and removes the folder. */
  close(): Promise<void>;
};

/** The programs in `STACK_DIR`, or an error that says so. */
export function stackDir(): string {
  const folder = process.env.STACK_DIR;
  if (!folder) throw new Error("STACK_DIR is not set; it names the folder with bin/daprd and kafka/libs.");
  return folder;
}

export function openDaprStack(): DaprStack {
  const folder = mkdtempSync(join(tmpdir(), "carillon-dapr-"));
  const started: TiedProcess[] = [];
  const bin = (name: string): string => join(stackDir(), "bin", name);
  let schedulerPorts: number[] | null = null;

  async function startScheduler() {
    schedulerPorts ??= await freePorts(5);
    const [port = 0, etcd = 0, peer = 0, health = 0, figures = 0] = schedulerPorts;
    const command = [
      ...[bin("scheduler"), "--listen-address", "127.0.0.1", "--port", String(port)],
      ...["--override-broadcast-host-port", `127.0.0.1:${port}`, "--etcd-data-dir", join(folder, "scheduler")],
      ...["--etcd-client-port", String(etcd), "--healthz-port", String(health), "--metrics-port", String(figures)],
      // The address, not a name: with a name etcd listens on every interface.
      ...["--etcd-initial-cluster", `dapr-scheduler-server-0=http://127.0.0.1:${peer}`],
    ];
    const child = startTied(command, { logFile: join(folder, "scheduler.log") });
    started.push(child);
    await untilUp("the scheduler", child, async () => (await fetch(`http://127.0.0.1:${health}/healthz`)).ok);
    return { ...child, address: `127.0.0.1:${port}` };
  }

  async function startSidecar(options: SidecarOptions): Promise<Sidecar> {
    const sidecar = await launchSidecar(folder, bin("daprd"), options);
    started.push(sidecar);
    return sidecar;
  }

  return {
    folder,
    startScheduler,
    startSidecar,
    async close() {
      await Promise.all(started.map((child) => (child.hasEnded() ? null : child.kill())));
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

async function launchSidecar(folder: string, program: string, options: SidecarOptions): Promise<Sidecar> {
  const { appId, appPort, scheduler, appToken, daprToken, environment } = options;
  const [port = 0, grpc = 0, internal = 0, figures = 0] = await freePorts(4);
  const home = join(folder, `${appId}-${port}`);
  writeResources(home, folder, options.resources);
  const command = [
    ...[program, "--app-id", appId, "--app-protocol", "http", "--dapr-listen-addresses", "127.0.0.1"],
    ...["--dapr-http-port", String(port), "--dapr-grpc-port", String(grpc)],
    ...["--dapr-internal-grpc-listen-address", "127.0.0.1", "--dapr-internal-grpc-port", String(internal)],
    ...["--metrics-listen-address", "127.0.0.1", "--metrics-port", String(figures)],
    ...["--resources-path", join(home, "resources"), "--config", join(home, "configuration.yaml")],
    ...(appPort === undefined ? [] : ["--app-port", String(appPort)]),
    ...(scheduler === undefined ? [] : ["--scheduler-host-address", scheduler]),
  ];
  const sidecar = startTied(command, {
    logFile: join(home, "daprd.log"),
    environment: {
      DAPR_HOST_IP: "127.0.0.1",
      POD_NAME: `${appId}-${port}`,
      ...(appToken === undefined ? {} : { APP_API_TOKEN: appToken }),
      ...(daprToken === undefined ? {} : { DAPR_API_TOKEN: daprToken }),
      ...environment,
    },
  });
  const url = new URL(`http://127.0.0.1:${port}`);
  const headers: Record<string, string> = daprToken === undefined ? {} : { "dapr-api-token": daprToken };
  const isUp = async () => (await fetch(new URL("/v1.0/healthz", url), { headers })).ok;
  await untilUp(`the sidecar of ${appId}`, sidecar, isUp);
  return { ...sidecar, url };
}

function writeResources(home: string, shared: string, resources: readonly Resource[]): void {
  mkdirSync(join(home, "resources"), { recursive: true });
  for (const resource of resources) {
    const file = `${resource.kind}-${resource.metadata.name}.yaml`.toLowerCase();
    writeFileSync(join(home, "resources", file), JSON.stringify(resource));
  }
  const configuration = {
    apiVersion: "dapr.io/v1alpha1",
    kind: "Configuration",
    metadata: { name: "test" },
    spec: {
      // The default is multicast, which a test machine may not have.
      nameResolution: {
        component: "sqlite",
        version: "v1",
        configuration: { connectionString: join(shared, "names.db") },
      },
      tracing: { samplingRate: "1" },
    },
  };
  writeFileSync(join(home, "configuration.yaml"), JSON.stringify(configuration));
}
