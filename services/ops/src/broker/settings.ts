import { ConfigError, integer, list, oneOf, optional, type Setting } from "@carillon/kit/config";

const mechanisms = ["plain", "scram-sha-256", "scram-sha-512"] as const;

const answers: Setting<boolean> = (name, raw) => oneOf(["true", "false"], "false")(name, raw) === "true";

/** How to reach the broker: the same settings in every command, and in `serve`. */
export const brokerSettings = {
  /** `host:port`, separated by commas; empty: the product runs without a broker. */
  KAFKA_BROKERS: list,
  /** With a user name the broker is reached through SASL. */
  KAFKA_USERNAME: optional,
  KAFKA_PASSWORD: optional,
  KAFKA_SASL_MECHANISM: oneOf(mechanisms, "scram-sha-256"),
  KAFKA_TLS: answers,
  /** Copies of each new topic; 0: three, or as many as there are brokers. */
  KAFKA_REPLICATION: integer({ min: 0, max: 9, fallback: 0 }),
};

export type BrokerAddress = {
  brokers: string[];
  tls: boolean;
  login: { mechanism: (typeof mechanisms)[number]; username: string; password: string } | null;
};

type Values = { [Key in keyof typeof brokerSettings]: ReturnType<(typeof brokerSettings)[Key]> };

/**
 * The broker's address, or null when the settings name none. @throws ConfigError about half a login or
 * a malformed address.
 */
export function brokerAddress(values: Values): BrokerAddress | null {
  const { KAFKA_BROKERS: brokers, KAFKA_USERNAME: username, KAFKA_PASSWORD: password } = values;
  if (brokers.length === 0) return null;
  const wrong = brokers.find((broker) => !/^[\w.-]+:\d{1,5}$/.test(broker));
  if (wrong !== undefined) throw new ConfigError(`KAFKA_BROKERS names "${wrong}"; it must be like kafka:9092.`);
  if ((username === null) !== (password === null))
    throw new ConfigError("KAFKA_USERNAME and KAFKA_PASSWORD go together; set both or neither.");
  const login =
    username === null || password === null ? null : { mechanism: values.KAFKA_SASL_MECHANISM, username, password };
  return { brokers, tls: values.KAFKA_TLS, login };
}
