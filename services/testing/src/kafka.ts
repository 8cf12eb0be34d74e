import { existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { formatKafka, kafkaSettings } from "@carillon/host/kafka";
import { accepts, freePorts } from "@carillon/host/ports";
import { stackDir } from "./dapr-stack.ts";
import { startTied, untilUp } from "./tied-process.ts";

/** A real Apache Kafka (KRaft, one node) from `STACK_DIR`, on loopback only. */
export type KafkaBroker = {
  /** What `KAFKA_BROKERS` takes. */
  brokers: string;
  pid: number;
  /** SIGKILL, as a lost machine; its data stays in the folder. */
  kill(): Promise<void>;
  /** SIGTERM, and SIGKILL when it does not end within 15 s. */
  stop(): Promise<void>;
};

export type KafkaOptions = {
  folder: string;
  port?: number;
  /** Lines for its settings; of a repeated setting the last counts. */
  more?: readonly string[];
};

const startMs = 90_000;

/**
 * The broker, once it accepts connections. An existing folder is reused: same address, same data.
 * @throws Error with the end of its log when it does not start.
 */
export async function startKafka({ folder, port, more = [] }: KafkaOptions): Promise<KafkaBroker> {
  const libraries = join(stackDir(), "kafka", "libs", "*");
  const settings = await prepare(folder, libraries, { port, more });
  const java = ["java", "-Xmx384m", "-Xms128m", "-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1", "-cp", libraries];
  const child = startTied([...java, "kafka.Kafka", settings.file], { logFile: join(folder, "kafka.log") });
  await untilUp("Kafka", child, () => accepts(settings.port), startMs);
  return { brokers: `127.0.0.1:${settings.port}`, pid: child.pid, kill: child.kill, stop: child.stop };
}

async function prepare(
  folder: string,
  libraries: string,
  { port: wanted, more }: { port: number | undefined; more: readonly string[] },
): Promise<{ file: string; port: number }> {
  const file = join(folder, "server.properties");
  if (existsSync(file)) {
    // The controller's address is part of the data, so both ports stay.
    const port = Number(/^listeners=PLAINTEXT:\/\/127\.0\.0\.1:(\d+)/m.exec(readFileSync(file, "utf8"))?.[1]);
    return { file, port };
  }
  mkdirSync(folder, { recursive: true });
  const [free = 0, controller = 0] = await freePorts(2);
  const port = wanted ?? free;
  writeFileSync(file, kafkaSettings({ data: join(folder, "data"), broker: port, controller }, more));
  await formatKafka("java", libraries, file);
  return { file, port };
}
