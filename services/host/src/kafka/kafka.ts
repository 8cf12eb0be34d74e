/** Where one node of Kafka keeps its data and listens, on loopback only. */
export type KafkaNode = { data: string; broker: number; controller: number };

/** The settings (`server.properties`) of a broker that is its own controller (KRaft); `more` are further lines. */
export const kafkaSettings = (
  { data, broker, controller }: KafkaNode,
  more: readonly string[] = [],
): string => `process.roles=broker,controller
node.id=1
controller.quorum.bootstrap.servers=127.0.0.1:${controller}
listeners=PLAINTEXT://127.0.0.1:${broker},CONTROLLER://127.0.0.1:${controller}
advertised.listeners=PLAINTEXT://127.0.0.1:${broker},CONTROLLER://127.0.0.1:${controller}
controller.listener.names=CONTROLLER
listener.security.protocol.map=CONTROLLER:PLAINTEXT,PLAINTEXT:PLAINTEXT
inter.broker.listener.name=PLAINTEXT
log.dirs=${data}
# A topic that was not applied is a mistake; asking for it must not create it.
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
${more.map((line) => `${line}\n`).join("")}`;

/** Prepares the data folder that a settings file names, once in its life. @throws Error with Kafka's message. */
export async function formatKafka(java: string, classPath: string, settingsFile: string): Promise<void> {
  // With "=": one id in sixty-four begins with a dash and would be read as an option.
  const clusterId = Buffer.from(crypto.getRandomValues(new Uint8Array(16))).toString("base64url");
  const format = ["format", "--standalone", `--cluster-id=${clusterId}`, "-c", settingsFile];
  const machine = ["-XX:TieredStopAtLevel=1", "-XX:+UseSerialGC", "-cp", classPath];
  const child = Bun.spawn([java, ...machine, "kafka.tools.StorageTool", ...format], {
    stdin: "ignore",
    stdout: "pipe",
    stderr: "pipe",
  });
  const [out, err] = await Promise.all([new Response(child.stdout).text(), new Response(child.stderr).text()]);
  if ((await child.exited) !== 0) throw new Error(`Kafka cannot prepare what ${settingsFile} names: ${err}${out}`);
}
