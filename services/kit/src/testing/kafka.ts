import { existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { connect } from "node:net";
import { join } from "node:path";
import { freePorts } from "../free-port.ts";
import { stackDir } from "./dapr-stack.ts";
import { startTied, untilUp } from "./tied-process.ts";

/** A real Apache Kafka (KRaft, one node) from `STACK_DIR`, on loopback only. */
export type KafkaBroker = {
  /** What `KAFKA_BROKERS` takes. */
  brokers: string;
  pid: number;
  /** SIGKILL, as a lost machine; its data stay in the folder. */
  kill(): Promise<void>;
  /** SIGTERM, and SIGKILL when it does not end within 15 s. */
  stop(): Promise<void>;
};

export type KafkaOptions = {
  folder: string;
  port?: number;
  /** Lines for its settings; what stands here twice counts as said last. */
  more?: readonly string[];
};

const startMs = 90_000;

/**
 * The broker, once it takes connections. A folder it ran in before is taken up again: same address, same data.
 * @throws Error with the end of its log when it does not come up.
 */
export async function startKafka({ folder, port, more = [] }: KafkaOptions): Promise<KafkaBroker> {
  const libraries = join(stackDir(), "kafka", "libs", "*");
  const settings = await prepare(folder, libraries, { port, more });
  const java = ["java", "-Xmx384m", "-Xms128m", "-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1", "-cp", libraries];
  const child = startTied([...java, "kafka.Kafka", settings.file], { logFile: join(folder, "kafka.log") });
  await untilUp("Kafka", child, () => answers(settings.port), startMs);
  return { brokers: `127.0.0.1:${settings.port}`, pid: child.pid, kill: child.kill, stop: child.stop };
}

async function prepare(
  folder: string,
  libraries: string,
  { port: wanted, more }: { port: number | undefined; more: readonly string[] },
): Promise<{ file: string; port: number }> {
  const file = join(folder, "server.properties");
  if (existsSync(file)) {
    // The controller's address stands in the data, too: both ports stay.
    const port = Number(/^listeners=PLAINTEXT:\/\/127\.0\.0\.1:(\d+)/m.exec(readFileSync(file, "utf8"))?.[1]);
    return { file, port };
  }
  mkdirSync(folder, { recursive: true });
  const [free = 0, controller = 0] = await freePorts(2);
  const port = wanted ?? free;
  writeFileSync(file, `${properties({ data: join(folder, "data"), port, controller })}${more.join("\n")}\n`);
  // Given by "=": one in sixty-four begins with a dash and would be read as an option.
  const clusterId = Buffer.from(crypto.getRandomValues(new Uint8Array(16))).toString("base64url");
  const format = ["kafka.tools.StorageTool", "format", "--standalone", `--cluster-id=${clusterId}`, "-c", file];
  const child = Bun.spawn(["java", "-XX:TieredStopAtLevel=1", "-cp", libraries, ...format], {
    stdin: "ignore",
    stdout: "pipe",
    stderr: "pipe",
  });
  const [out, err] = await Promise.all([new Response(child.stdout).text(), new Response(child.stderr).text()]);
  if ((await child.exited) !== 0) throw new Error(`Kafka's folder cannot be prepared: ${out}${err}`);
  return { file, port };
}

const properties = ({ data, port, controller }: { data: string; port: number; controller: number }): string => `
process.roles=broker,controller
node.id=1
controller.quorum.bootstrap.servers=127.0.0.1:${controller}
listeners=PLAINTEXT://127.0.0.1:${port},CONTROLLER://127.0.0.1:${controller}
advertised.listeners=PLAINTEXT://127.0.0.1:${port},CONTROLLER://127.0.0.1:${controller}
controller.listener.names=CONTROLLER
listener.security.protocol.map=CONTROLLER:PLAINTEXT,PLAINTEXT:PLAINTEXT
inter.broker.listener.name=PLAINTEXT
log.dirs=${data}
# A topic that nobody applied is a mistake; it must not come to be by being asked for.
auto.create.topics.enable=false
offsets.topic.replication.factor=1
offsets.topic.num.partitions=4
transaction.state.log.replication.factor=1
transaction.state.log.min.isr=1
share.coordinator.state.topic.replication.factor=1
share.coordinator.state.topic.min.isr=1
group.initial.rebalance.delay.ms=0
num.network.threads=2
num.io.threads=2
`;

function answers(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect({ host: "127.0.0.1", port });
    const settle = (value: boolean) => {
      socket.destroy();
      resolve(value);
    };
    socket.once("connect", () => settle(true)).once("error", () => settle(false));
  });
}
