import { existsSync, mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { slotCount } from "@carillon/contracts/names";
import type { Binaries } from "./find-binaries.ts";
import { accepts, type Piece } from "./piece.ts";
import { host } from "./settings.ts";

export type BrokerOptions = {
  broker: Binaries["broker"];
  /** Keeps the broker's data and settings. */
  folder: string;
  ports: { broker: number; controller: number };
  environment: Record<string, string>;
};

/** Where the broker is, and how it is started; no piece when somebody else runs it. */
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
  // A broker's first words come before it knows its partitions; whoever asks first waits a moment longer.
  const piece = {
    name: "broker",
    command,
    folder,
    environment,
    facts,
    isUp: accepts(ports.broker),
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
  writeFileSync(settings, kafkaSettings(data, ports));
  writeFileSync(logging, kafkaLogging);
  const classes = ["-cp", join(libraries, "*")];
  if (!existsSync(join(data, "meta.properties"))) {
    // Given by "=": one in sixty-four begins with a dash and would be read as an option.
    const clusterId = Buffer.from(crypto.getRandomValues(new Uint8Array(16))).toString("base64url");
    const format = ["kafka.tools.StorageTool", "format", "--standalone", `--cluster-id=${clusterId}`, "-c", settings];
    const child = Bun.spawn([java, "-XX:TieredStopAtLevel=1", "-XX:+UseSerialGC", ...classes, ...format], {
      stdin: "ignore",
      stdout: "pipe",
      stderr: "pipe",
    });
    const [out, err] = await Promise.all([new Response(child.stdout).text(), new Response(child.stderr).text()]);
    if ((await child.exited) !== 0) throw new Error(`Kafka's folder ${data} cannot be prepared: ${err}${out}`);
  }
  const machine = [
    "-Xmx384m",
    "-Xms128m",
    "-XX:+UseSerialGC",
    "-XX:TieredStopAtLevel=1",
    `-Dlog4j2.configurationFile=${logging}`,
  ];
  return [java, ...machine, ...classes, "kafka.Kafka", settings];
}

const kafkaSettings = (data: string, ports: BrokerOptions["ports"]): string => `process.roles=broker,controller
node.id=1
controller.quorum.bootstrap.servers=${host}:${ports.controller}
listeners=PLAINTEXT://${host}:${ports.broker},CONTROLLER://${host}:${ports.controller}
advertised.listeners=PLAINTEXT://${host}:${ports.broker},CONTROLLER://${host}:${ports.controller}
controller.listener.names=CONTROLLER
listener.security.protocol.map=CONTROLLER:PLAINTEXT,PLAINTEXT:PLAINTEXT
inter.broker.listener.name=PLAINTEXT
log.dirs=${data}
num.partitions=${slotCount}
# A topic that nobody applied is a mistake; it must not come to be by being asked for.
auto.create.topics.enable=false
default.replication.factor=1
offsets.topic.replication.factor=1
offsets.topic.num.partitions=4
# As long as the longest-kept topic, the dead letters: a consumer that was away for a week goes on where it was.
offsets.retention.minutes=20160
transaction.state.log.replication.factor=1
transaction.state.log.min.isr=1
share.coordinator.state.topic.replication.factor=1
share.coordinator.state.topic.min.isr=1
group.initial.rebalance.delay.ms=0
log.segment.bytes=67108864
num.network.threads=2
num.io.threads=2
`;

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
