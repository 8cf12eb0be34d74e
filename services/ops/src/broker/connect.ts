import { type Log, silentLog } from "@carillon/kit/observe";
import { type Admin, Kafka, type KafkaConfig, KafkaJSError, type SASLOptions } from "kafkajs";
import type { BrokerAddress } from "./settings.ts";

/** A client that gives up soon: its caller is a person, or asks again in a second. */
export function connectBroker({ brokers, tls, login }: BrokerAddress, log: Log = silentLog): Kafka {
  keepQuietAboutTimers();
  const config: KafkaConfig = {
    clientId: "carillon-ops",
    brokers,
    ssl: tls,
    connectionTimeout: 3_000,
    authenticationTimeout: 3_000,
    requestTimeout: 10_000,
    retry: { retries: 2, initialRetryTime: 100, maxRetryTime: 1_000 },
    // It logs every attempt of its own; the result is reported by the caller.
    logCreator:
      () =>
      ({ namespace, log: { message } }) =>
        log.debug("kafka client", { namespace, text: message }),
  };
  return new Kafka(login === null ? config : { ...config, sasl: saslOf(login) });
}

let isQuiet = false;

/**
 * kafkajs 2.2.4 sets a timer in the past with every request, and the runtime's warning about it is
 * irrelevant. Other warnings are passed on.
 */
function keepQuietAboutTimers(): void {
  if (isQuiet) return;
  isQuiet = true;
  process.removeAllListeners("warning");
  process.on("warning", ({ name, message }) => {
    if (name !== "TimeoutNegativeWarning") process.stderr.write(`${name}: ${message}\n`);
  });
}

function saslOf({ mechanism, username, password }: NonNullable<BrokerAddress["login"]>): SASLOptions {
  return { mechanism, username, password };
}

/** The result of `work`, on a connection of its own for reading topics and offsets. */
export async function withAdmin<Result>(kafka: Kafka, work: (admin: Admin) => Promise<Result>): Promise<Result> {
  const admin = kafka.admin();
  try {
    await admin.connect();
    return await work(admin);
  } finally {
    await admin.disconnect().catch(() => {});
  }
}

/** True when the failure means "the broker is away or rejects us", not "this request is wrong". */
export const isBrokerAway = (error: unknown): boolean =>
  error instanceof KafkaJSError &&
  /^KafkaJS(Connection|NumberOfRetries|RequestTimeout|BrokerNotFound|SASL|Timeout)/.test(error.name);
