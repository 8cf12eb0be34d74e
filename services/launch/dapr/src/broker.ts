import { existsSync, mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { slotCount } from "@carillon/contracts/names";
import { formatKafka, kafkaSettings } from "@carillon/host/kafka";
import { accepts } from "@carillon/host/ports";
import type { Binaries } from "./find-binaries.ts";
import type { Piece } from "./piece.ts";
import { host } from "./settings.ts";

export type BrokerOptions = {
  broker: Binaries["broker"];
  /** Holds the broker's data and settings. */
  folder: string;
  ports: { broker: number; controller: number };
  environment: Record<string, string>;
};

/** The broker's address and how to start it; no piece when it already runs elsewhere. */
export async function prepareBroker({
  broker,
  folder,
  ports,
  environment,
}: BrokerOptions): Promise<{ brokers: string; piece: Piece | null }> {
  if (broker.kind === "given") return { brokers: broker.brokers, piece: null };
  mkdirSync(folder, { recursive: true });
  const brokers = `${host}:${ports.broker}`;
  const command =
    broker.kind === "kafka"
      ? await prepareKafka(broker, folder, ports)
      : prepareRedpanda(broker.program, folder, ports);
  const facts = { port: ports.broker, brokers, data: join(folder, "data") };
  // A broker answers before it knows its partitions, so the first check waits a moment longer.
  const piece = {
    name: "broker",
    command,
    folder,
    environment,
    facts,
    isUp: () => accepts(ports.broker),
    startMs: 90_000,
    stopMs: 5_000,
  };
  return { brokers, piece };
}

type Kafka = Extract<Binaries["broker"], { kind: "kafka" }>;

async function prepareKafka(
  { java, libraries }: Kafka,
  folder: string,
  ports: BrokerOptions["ports"],
): Promise<string[]> {
  const settings = join(folder, "server.properties");
  const logging = join(folder, "log4j2.yaml");
  const data = join(folder, "data");
  writeFileSync(settings, kafkaSettings({ data, ...ports }, ownSettings));
  writeFileSync(logging, kafkaLogging);
  const classPath = join(libraries, "*");
  if (!existsSync(join(data, "meta.properties"))) await formatKafka(java, classPath, settings);
  const machine = [
    "-Xmx384m",
    "-Xms128m",
    "-XX:+UseSerialGC",
    "-XX:TieredStopAtLevel=1",
    `-Dlog4j2.configurationFile=${logging}`,
  ];
  return [java, ...machine, "-cp", classPath, "kafka.Kafka", settings];
}

const ownSettings = [
  `num.partitions=${slotCount}`,
  "default.replication.factor=1",
  "# As long as the longest-kept topic, the dead letters: a consumer that was away for a week resumes where it was.",
  "offsets.retention.minutes=20160",
  "log.segment.bytes=67108864",
];

const kafkaLogging = `Configuration:
  status: warn
  Appenders: { Console: { name: C, PatternLayout: { pattern: "%d %p %c{1} %m%n" } } }
  Loggers: { Root: { level: warn, AppenderRef: { ref: C } } }
`;

function prepareRedpanda(program: string, folder: string, ports: BrokerOptions["ports"]): string[] {
  const settings = join(folder, "redpanda.yaml");
  const at = (port: number) => ({ address: host, port });
  const redpanda = {
    data_directory: join(folder, "data"),
    seed_servers: [],
    rpc_server: at(ports.controller),
    kafka_api: [at(ports.broker)],
    admin: [],
    auto_create_topics_enabled: false,
    default_topic_partitions: slotCount,
    group_offset_retention_sec: 14 * 24 * 3600,
  };
  writeFileSync(settings, Bun.YAML.stringify({ redpanda }, null, 2));
  const small = ["--smp", "1", "--memory", "512M", "--overprovisioned", "--default-log-level", "warn"];
  return [program, "--redpanda-cfg", settings, ...small];
}
