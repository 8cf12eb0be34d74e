import { mkdirSync } from "node:fs";
import { join } from "node:path";
import type { Binaries } from "./find-binaries.ts";
import { answersOk, type Piece } from "./piece.ts";
import { host, type Settings } from "./settings.ts";

type Options = {
  /** Absolute; created if missing. */ folder: string;
  settings: Settings;
  environment: Record<string, string>;
};

/** Dapr's scheduler, which keeps the alarms. There is no placement service, because there are no actors. */
export function schedulerPiece(program: string, { folder, settings, environment }: Options): Piece {
  const { grpc, etcd, peer, health, metrics } = settings.ports.scheduler;
  const address = `${host}:${grpc}`;
  const command = [
    ...[program, "--listen-address", host, "--port", String(grpc), "--override-broadcast-host-port", address],
    ...["--etcd-data-dir", join(folder, "data"), "--etcd-client-port", String(etcd)],
    // The address, not a name: with a name etcd listens for its peers on every interface.
    ...["--etcd-initial-cluster", `dapr-scheduler-server-0=http://${host}:${peer}`],
    ...["--healthz-listen-address", host, "--healthz-port", String(health)],
    ...["--metrics-listen-address", host, "--metrics-port", String(metrics), "--log-level", "warn"],
  ];
  const facts = { port: grpc, metricsPort: metrics, data: join(folder, "data") };
  const isUp = answersOk(`http://${host}:${health}/healthz`);
  mkdirSync(folder, { recursive: true });
  return { name: "scheduler", command, folder, environment, facts, isUp, startMs: 60_000, stopMs: 4_000 };
}

/** Zipkin, in memory: its traces are gone when it ends. */
export function zipkinPiece(
  { java, jar }: NonNullable<Binaries["zipkin"]>,
  { folder, settings, environment }: Options,
): Piece {
  const port = settings.ports.zipkin;
  const command = [
    ...[java, "-Xmx256m", "-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1"],
    // Its own resolver of names opens a socket on every interface.
    ...["-Dcom.linecorp.armeria.useJdkDnsResolver=true", "-jar", jar],
    ...[`--armeria.ports[0].ip=${host}`, `--armeria.ports[0].port=${port}`, "--armeria.ports[0].protocols[0]=http"],
  ];
  const url = `http://${host}:${port}`;
  return {
    name: "zipkin",
    command,
    folder,
    environment,
    facts: { port, url },
    isUp: answersOk(`${url}/health`),
    startMs: 120_000,
    stopMs: 4_000,
  };
}
