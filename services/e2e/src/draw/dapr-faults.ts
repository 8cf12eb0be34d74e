import { connectBroker, withAdmin } from "@carillon/ops/broker";
import { ops } from "../ops.ts";
import type { Fault, World } from "./world.ts";

const few = (world: World): number => 2_000 + world.random.below(4_000);
const bystanders = ["notification", "recurring", "audit", "realtime", "web", "ops"] as const;
const sidecars = ["api", "notification", "recurring", "audit", "realtime"].map((name) => `${name}-sidecar`);

const productOf = ({ dapr }: World) => {
  if (!dapr) throw new Error("This fault is for the product on Dapr.");
  return dapr;
};

const pidOf = (world: World, name: string): number => {
  const pid = productOf(world).processes()[name]?.pid;
  if (!pid) throw new Error(`${name} has no process.`);
  return pid;
};

async function freeze(world: World, name: string): Promise<void> {
  const pid = pidOf(world, name);
  process.kill(pid, "SIGSTOP");
  await Bun.sleep(few(world));
  process.kill(pid, "SIGCONT");
}

async function killApi(world: World): Promise<void> {
  const pid = pidOf(world, "api");
  await productOf(world).killOne("api");
  await productOf(world).untilBack("api", pid);
}

/** As an operator does it: a topic is deleted, and created again. */
async function recreateTopic(world: World): Promise<void> {
  const product = productOf(world);
  const topic = world.random.pick(["task-events", "reminders", "task-updates"]);
  const brokers = (product.processes().broker?.brokers ?? "").split(",");
  const kafka = connectBroker({ brokers, tls: false, login: null });
  await withAdmin(kafka, (admin) => admin.deleteTopics({ topics: [topic] }));
  const { exitCode, out, err } = await ops(product, "topics", "apply");
  if (exitCode !== 0) world.objections.push(`ops topics apply: ${out}${err}`);
}

const onDapr = (name: string, harm: Fault["harm"], run: Fault["run"]): Fault => ({ name, harm, on: "dapr", run });

export const daprFaults: Fault[] = [
  ...bystanders.map((name) =>
    onDapr(`SIGKILL of ${name}`, "none", (world) => productOf(world).holdDown(name, few(world))),
  ),
  ...[...sidecars, "scheduler", "broker"].map((name) =>
    onDapr(`SIGKILL of ${name}`, "none", (world) => productOf(world).holdDown(name, few(world))),
  ),
  ...[...sidecars, "scheduler", "broker", "notification", "audit"].map((name) =>
    onDapr(`${name} frozen`, "none", (world) => freeze(world, name)),
  ),
  onDapr("SIGKILL of api", "silence", killApi),
  onDapr("api frozen", "silence", (world) => freeze(world, "api")),
  onDapr("a topic deleted and created again", "none", recreateTopic),
];
