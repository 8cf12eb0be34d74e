import { defaultInternalPorts, defaultPorts } from "@carillon/contracts/names";
import {
  ConfigError,
  type Environment,
  namesSettings,
  oneOf,
  platformNames,
  port,
  readConfig,
  secret,
  text,
} from "@carillon/kit/config";
import { type LogLevel, logLevels } from "@carillon/kit/observe";
import { runService, serveDoors } from "@carillon/kit/service";
import { createApp, createInternalApp } from "./app.ts";
import { connectBroker } from "./broker/connect.ts";
import { brokerAddress, brokerSettings } from "./broker/settings.ts";
import { watchLag } from "./lag/watch-lag.ts";

/** The exporter's settings. @throws ConfigError with one sentence about the first wrong one. */
export function readOpsConfig(environment: Environment) {
  const config = readConfig(environment, {
    ...brokerSettings,
    ...namesSettings,
    HOST: text("0.0.0.0"),
    OPS_PORT: port(defaultPorts.ops),
    OPS_INTERNAL_PORT: port(defaultInternalPorts.ops),
    /** The token that the sidecar and neighbours present. */
    APP_API_TOKEN: secret({ min: 16 }),
    LOG_LEVEL: oneOf<LogLevel>(logLevels, "info"),
  });
  const broker = brokerAddress(config);
  if (broker === null) throw new ConfigError("KAFKA_BROKERS is not set; without a broker there is nothing to watch.");
  return { ...config, broker, names: platformNames(config) };
}

/** Runs until it is asked to stop. */
export const startOps = (): Promise<never> =>
  runService({
    name: "ops",
    environment: Bun.env,
    given: [],
    readConfig: readOpsConfig,
    start(config, { log, stops }) {
      // The ages of events must not jump with this machine's clock.
      const beganAtMs = Date.now() - performance.now();
      // Whole milliseconds: Kafka takes no others.
      const now = (): number => Math.round(beganAtMs + performance.now());
      const watch = watchLag({ kafka: connectBroker(config.broker, log), names: config.names, log, now });
      stops.push("the watch of the broker", watch.stop);
      const deps = { log, appToken: config.APP_API_TOKEN, watch };
      const served = serveDoors(
        { open: createApp(deps), internal: createInternalApp(deps) },
        { name: "ops", hostname: config.HOST, port: config.OPS_PORT, internalPort: config.OPS_INTERNAL_PORT, log },
      );
      stops.push("the listeners", served.stop, 9_000);
    },
  });
