import { describe, expect, test } from "bun:test";
import { ConfigError } from "@carillon/kit/config";
import { findBinaries, type Machine, type Where } from "./find-binaries.ts";

const nothing: Where = { STACK_DIR: null, KAFKA_HOME: null, KAFKA_BROKERS: null };

function machine({ files = [], programs = [] }: { files?: string[]; programs?: string[] }): Machine {
  return {
    home: "/home/ann",
    isFile: (path) => files.includes(path),
    filesIn: (folder) =>
      files.flatMap((file) => (file.startsWith(`${folder}/`) ? [file.slice(folder.length + 1)] : [])),
    which: (program) => (programs.includes(program) ? `/usr/bin/${program}` : null),
  };
}

const sentence = (where: Where, on: Machine): string => {
  try {
    findBinaries(where, on);
  } catch (error) {
    if (error instanceof ConfigError) return error.message;
  }
  return "";
};

const dapr = ["/home/ann/.dapr/bin/daprd", "/home/ann/.dapr/bin/scheduler"];
const stack = ["/stack/bin/daprd", "/stack/bin/scheduler", "/stack/kafka/libs/kafka.jar", "/stack/zipkin/zipkin.jar"];

describe("programs are found", () => {
  test("all of them in STACK_DIR, before those in the home folder", () => {
    const on = machine({ files: [...stack, ...dapr], programs: ["java", "redpanda"] });
    expect(findBinaries({ ...nothing, STACK_DIR: "/stack" }, on)).toEqual({
      daprd: "/stack/bin/daprd",
      scheduler: "/stack/bin/scheduler",
      broker: { kind: "kafka", java: "/usr/bin/java", libraries: "/stack/kafka/libs" },
      zipkin: { java: "/usr/bin/java", jar: "/stack/zipkin/zipkin.jar" },
    });
  });

  test("Dapr where `dapr init --slim` installs it, the broker as redpanda, no Zipkin", () => {
    expect(findBinaries(nothing, machine({ files: dapr, programs: ["redpanda"] }))).toEqual({
      daprd: "/home/ann/.dapr/bin/daprd",
      scheduler: "/home/ann/.dapr/bin/scheduler",
      broker: { kind: "redpanda", program: "/usr/bin/redpanda" },
      zipkin: null,
    });
  });

  test("a running broker is preferred to one that could be started", () => {
    const on = machine({ files: [...stack, ...dapr], programs: ["java", "redpanda"] });
    const { broker } = findBinaries({ STACK_DIR: "/stack", KAFKA_HOME: null, KAFKA_BROKERS: "kafka:9092" }, on);
    expect(broker).toEqual({ kind: "given", brokers: "kafka:9092" });
  });
});

describe("everything missing is named at once, with the way to get it", () => {
  test("everything", () => {
    const said = sentence(nothing, machine({}));
    expect(said).toContain("daprd and scheduler of Dapr: install the Dapr CLI");
    expect(said).toContain("dapr init --slim");
    expect(said).toContain("a broker: set KAFKA_BROKERS");
    expect(said).toContain("redpanda");
    expect(said).toContain("KAFKA_HOME");
  });

  test("only the scheduler, which old versions of Dapr do not have", () => {
    const said = sentence(
      { ...nothing, KAFKA_BROKERS: "kafka:9092" },
      machine({ files: ["/home/ann/.dapr/bin/daprd"] }),
    );
    expect(said).toContain("- scheduler of Dapr");
    expect(said).not.toContain("broker");
  });

  test("java, where Kafka is installed without it", () => {
    const on = machine({ files: [...dapr, "/opt/kafka/libs/kafka.jar"] });
    expect(sentence({ ...nothing, KAFKA_HOME: "/opt/kafka" }, on)).toContain(
      "java 17 or later for the Kafka in /opt/kafka/libs",
    );
  });
});
