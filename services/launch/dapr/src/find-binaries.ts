import { join } from "node:path";
import { ConfigError } from "@carillon/kit/config";

/** The programs the product needs here, besides its own services. */
export type Binaries = {
  daprd: string;
  scheduler: string;
  broker:
    | { kind: "given"; brokers: string }
    | { kind: "kafka"; java: string; libraries: string }
    | { kind: "redpanda"; program: string };
  /** Null: traces are not kept. */
  zipkin: { java: string; jar: string } | null;
};

export type Where = { STACK_DIR: string | null; KAFKA_HOME: string | null; KAFKA_BROKERS: string | null };

/** The parts of this machine that matter here. */
export type Machine = {
  home: string;
  isFile(path: string): boolean;
  /** Names in a folder; none when there is no such folder. */
  filesIn(folder: string): readonly string[];
  /** The program of that name on the PATH, or null. */
  which(program: string): string | null;
};

/**
 * The first that exists of each: Dapr in STACK_DIR or where its command line installs it; a broker
 * given by KAFKA_BROKERS, Kafka in STACK_DIR or KAFKA_HOME, or redpanda on the PATH; Zipkin in
 * STACK_DIR.
 * @throws ConfigError that names everything missing and how to get it.
 */
export function findBinaries(where: Where, machine: Machine): Binaries {
  const stack = where.STACK_DIR;
  const folders = [...(stack ? [join(stack, "bin")] : []), join(machine.home, ".dapr", "bin")];
  const dapr = (name: string): string | null =>
    folders.map((folder) => join(folder, name)).find(machine.isFile) ?? machine.which(name);
  const daprd = dapr("daprd");
  const scheduler = dapr("scheduler");
  const java = machine.which("java");
  const broker = findBroker(where, machine, java);
  if (!daprd || !scheduler || typeof broker === "string") {
    const missing = [
      ...(daprd && scheduler
        ? []
        : [
            `${[daprd ? "" : "daprd", scheduler ? "" : "scheduler"].filter(Boolean).join(" and ")} of Dapr: ${gettingDapr}`,
          ]),
      ...(typeof broker === "string" ? [broker] : []),
    ];
    throw new ConfigError(`missing on this machine:\n${missing.map((line) => `  - ${line}`).join("\n")}`);
  }
  const jar = stack ? machine.filesIn(join(stack, "zipkin")).find((name) => name.endsWith(".jar")) : undefined;
  return { daprd, scheduler, broker, zipkin: stack && jar && java ? { java, jar: join(stack, "zipkin", jar) } : null };
}

const gettingDapr =
  "install the Dapr CLI (https://docs.dapr.io/getting-started/install-dapr-cli/) and run `dapr init --slim`, or set STACK_DIR to a folder with bin/daprd and bin/scheduler.";

function findBroker(where: Where, machine: Machine, java: string | null): Binaries["broker"] | string {
  if (where.KAFKA_BROKERS) return { kind: "given", brokers: where.KAFKA_BROKERS };
  const candidates = [where.STACK_DIR ? join(where.STACK_DIR, "kafka") : null, where.KAFKA_HOME];
  const libraries = candidates
    .map((folder) => (folder ? join(folder, "libs") : null))
    .find((folder) => folder !== null && machine.filesIn(folder).some((name) => name.endsWith(".jar")));
  if (libraries && java) return { kind: "kafka", java, libraries };
  const program = machine.which("redpanda");
  if (program) return { kind: "redpanda", program };
  if (libraries) return `java 17 or later for the Kafka in ${libraries}: put it on the PATH.`;
  return "a broker: set KAFKA_BROKERS to a running one (host:port), or put redpanda on the PATH (https://docs.redpanda.com), or set KAFKA_HOME to an unpacked Apache Kafka (https://kafka.apache.org/downloads).";
}
