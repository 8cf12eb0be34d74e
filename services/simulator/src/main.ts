/**
 * `npm run simulate -- [--seconds 60] [--steps N] [--seed N]`: lets the product's own code run against a virtual clock and every fault its ports
 * allow, and judges it by the laws of the guarantees. Prints the seed, with which the same choices are made again. Ends with
 * `N passed, N failed`.
 */
import { parseArgs } from "node:util";
import { simulate } from "./simulate.ts";

const { values } = parseArgs({
  options: { seconds: { type: "string", default: "60" }, steps: { type: "string" }, seed: { type: "string" } },
});
const seed = Number(values.seed ?? crypto.getRandomValues(new Uint32Array(1))[0]);
const say = (line: string): void => void process.stdout.write(`${line}\n`);

say(`seed ${seed}`);
const { steps, crashes, mails, broken } = await simulate({
  seed,
  seconds: Number(values.seconds),
  ...(values.steps ? { steps: Number(values.steps) } : {}),
});
say(`${steps} steps, ${crashes} of them with a crash, ${mails} mails`);
for (const [law, rows] of Object.entries(broken)) say(`BROKEN ${law}\n  ${JSON.stringify(rows)}`);
const isWell = Object.keys(broken).length === 0;
say(`\n${isWell ? 1 : 0} passed, ${isWell ? 0 : 1} failed`);
process.exit(isWell ? 0 : 1);
