import { createServer } from "node:net";
import { ConfigError } from "@carillon/kit/config";
import type { Binaries } from "./find-binaries.ts";
import { host, type Settings } from "./settings.ts";

/**
 * Checks that all ports are free before anything is started.
 * @throws ConfigError naming the first that is in use.
 */
export async function refuseTakenPorts(settings: Settings, binaries: Binaries): Promise<void> {
  const { ports } = settings;
  const isOurs = ({ variable }: { variable: string }): boolean =>
    (variable !== "KAFKA_PORT" || binaries.broker.kind !== "given") &&
    (variable !== "ZIPKIN_PORT" || binaries.zipkin !== null);
  const needed = [...ports.named, ...ports.all.filter(isOurs)];
  const free = await Promise.all(needed.map(({ port }) => isFree(port)));
  const taken = needed.find((_, at) => !free[at]);
  if (taken)
    throw new ConfigError(
      `Port ${taken.port} is in use by another program; stop it or set ${taken.variable} to another one.`,
    );
}

function isFree(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const probe = createServer();
    probe.once("error", () => resolve(false));
    probe.listen({ host, port, exclusive: true }, () => probe.close(() => resolve(true)));
  });
}
