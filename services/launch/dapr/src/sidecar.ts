import type { ServiceName } from "@carillon/contracts/names";
import type { WrittenFiles } from "./dapr-files.ts";
import { answersOk, type Piece } from "./piece.ts";
import { host, type Settings } from "./settings.ts";

export type SidecarOptions = {
  daprd: string;
  service: ServiceName;
  settings: Settings;
  files: WrittenFiles;
  tokens: { app: string; dapr: string };
  environment: Record<string, string>;
};

/** Distinguishes this replica: its own consumer group where every replica gets every event. */
export const podName = (service: ServiceName): string => `${service}-0`;

/** The sidecar of one service. */
export function sidecarPiece({ daprd, service, settings, files, tokens, environment }: SidecarOptions): Piece {
  const { http, grpc, internal, metrics } = settings.ports.sidecar(service);
  const command = [
    ...[daprd, "--app-id", service, "--app-protocol", "http"],
    ...["--app-channel-address", host, "--app-port", String(settings.ports.inside(service))],
    ...["--dapr-listen-addresses", host, "--dapr-http-port", String(http), "--dapr-grpc-port", String(grpc)],
    ...["--dapr-internal-grpc-listen-address", host, "--dapr-internal-grpc-port", String(internal)],
    ...["--metrics-listen-address", host, "--metrics-port", String(metrics)],
    ...["--scheduler-host-address", `${host}:${settings.ports.scheduler.grpc}`],
    ...["--resources-path", files.resources, "--config", files.configurationOf(service)],
    // No --enable-app-health-check: a service that turns unhealthy and healthy again while one of its
    // events is being retried can permanently lose its subscription (Dapr 1.16). Without it the
    // sidecar keeps retrying, and unanswered jobs ring again.
    ...["--dapr-graceful-shutdown-seconds", "3", "--log-level", "warn"],
  ];
  const own = {
    DAPR_HOST_IP: host,
    POD_NAME: podName(service),
    APP_API_TOKEN: tokens.app,
    DAPR_API_TOKEN: tokens.dapr,
  };
  return {
    name: `${service}-sidecar`,
    command,
    folder: files.resources,
    environment: { ...environment, ...own },
    facts: { port: http, grpcPort: grpc, metricsPort: metrics, appId: service },
    isUp: answersOk(`http://${host}:${http}/v1.0/healthz`, { "dapr-api-token": tokens.dapr }),
    startMs: 60_000,
    stopMs: 5_000,
  };
}
