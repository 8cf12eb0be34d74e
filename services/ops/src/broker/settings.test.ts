import { expect, test } from "bun:test";
import { ConfigError, type Environment, readConfig } from "@carillon/kit/config";
import { brokerAddress, brokerSettings } from "./settings.ts";

const read = (environment: Environment) => brokerAddress(readConfig(environment, brokerSettings));

test("without brokers there is no broker", () => expect(read({})).toBeNull());

test("a broker in the cluster is reached in plain text, one in a cloud with a login over TLS", () => {
  expect(read({ KAFKA_BROKERS: "redpanda-0:9092, redpanda-1:9092" })).toEqual({
    brokers: ["redpanda-0:9092", "redpanda-1:9092"],
    tls: false,
    login: null,
  });
  const login = { KAFKA_USERNAME: "carillon", KAFKA_PASSWORD: "s3cret", KAFKA_TLS: "true" };
  expect(read({ KAFKA_BROKERS: "seed.example.com:9092", ...login })).toEqual({
    brokers: ["seed.example.com:9092"],
    tls: true,
    login: { mechanism: "scram-sha-256", username: "carillon", password: "s3cret" },
  });
  expect(read({ KAFKA_BROKERS: "b:1", ...login, KAFKA_SASL_MECHANISM: "PLAIN" })?.login?.mechanism).toBe("plain");
});

const refused: [Environment, string][] = [
  [{ KAFKA_BROKERS: "redpanda" }, 'KAFKA_BROKERS names "redpanda"; it must be like kafka:9092.'],
  [{ KAFKA_BROKERS: "b:1", KAFKA_USERNAME: "u" }, "KAFKA_USERNAME and KAFKA_PASSWORD go together"],
  [{ KAFKA_BROKERS: "b:1", KAFKA_TLS: "perhaps" }, 'KAFKA_TLS is "perhaps"'],
  [{ KAFKA_BROKERS: "b:1", KAFKA_SASL_MECHANISM: "gssapi" }, 'KAFKA_SASL_MECHANISM is "gssapi"'],
];
for (const [environment, sentence] of refused) {
  test(`G26: rejected in one sentence: ${sentence}`, () => {
    expect(() => read(environment)).toThrow(ConfigError);
    expect(() => read(environment)).toThrow(sentence);
  });
}
