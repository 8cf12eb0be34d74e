import { existsSync } from "node:fs";
import { join } from "node:path";
import { say } from "./files.ts";

/** Exits, with the reason, without a real Dapr and Kafka; that is a failure when `REQUIRE_STACK` is set. */
export function requireStack(what: string): void {
  const lack = missing(process.env.STACK_DIR);
  if (lack === null) return;
  const isRequired = Boolean(process.env.REQUIRE_STACK);
  say(`\n*** ${what} did NOT run: ${lack}. ***\n\n0 passed, ${isRequired ? 1 : 0} failed`);
  process.exit(isRequired ? 1 : 0);
}

function missing(stack: string | undefined): string | null {
  if (!stack) return "STACK_DIR is not set; it names the folder with bin/daprd, bin/scheduler and kafka/libs";
  const lacks = ["bin/daprd", "bin/scheduler", "kafka/libs"].filter((part) => !existsSync(join(stack, part)));
  return lacks.length === 0 ? null : `${stack} has no ${lacks.join(", ")}`;
}
