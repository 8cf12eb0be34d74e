import { silentLog } from "@carillon/kit/observe";
import { armAlarms } from "@carillon/notification/arm-alarms";
import { deliverDue } from "@carillon/notification/deliver-due";
import { settle } from "@carillon/notification/ledger/sends";
import { reconcile } from "@carillon/notification/reconcile";
import { reportResults } from "@carillon/notification/report-results";
import { sweep } from "@carillon/recurring/sweep";
import { readers } from "./carriers.ts";
import { appToken, replicaCount, type World } from "./world.ts";

export type Step = { name: string; weight: number; run(): Promise<unknown> };

const nothingRang = { take: () => null };

/** What processes do by themselves, each as one step; `isQuiet`: carriers work. */
export function backgroundSteps(world: World, isQuiet: () => boolean): Step[] {
  const ofReplica = Array.from({ length: replicaCount }, (_, at) => {
    const deps = world.notifications[at];
    if (!deps) return [];
    const write = (one: Parameters<typeof settle>[1][number]) => settle(deps.sql, [one]);
    return [
      { name: `send ${at}`, weight: 8, run: () => deliverDue(deps, 10, { write, rung: nothingRang, claimed() {} }) },
      { name: `arm ${at}`, weight: 2, run: () => armAlarms(deps) },
      { name: `report ${at}`, weight: 4, run: () => reportResults(deps) },
      { name: `reconcile ${at}`, weight: 1, run: () => reconcile(deps) },
    ];
  }).flat();
  const deliveries = readers.map((reader) => ({
    name: `deliver to ${reader.service}`,
    weight: 8,
    run: async () => world.bus.deliver(reader, world.doorOf(reader.service), appToken, isQuiet()),
  }));
  const { invoke, state } = world;
  return [
    { name: "relay", weight: 10, run: () => world.relay() },
    ...deliveries,
    ...ofReplica,
    { name: "sweep completions", weight: 1, run: () => sweep({ log: silentLog, invoke, state }) },
  ];
}

/** One of the steps, the heavier the likelier. */
export function pickStep(steps: readonly Step[], below: (limit: number) => number): Step {
  let left = below(steps.reduce((sum, { weight }) => sum + weight, 0));
  for (const step of steps) {
    if (left < step.weight) return step;
    left -= step.weight;
  }
  throw new Error("Steps without weight.");
}
