import { writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { createRandom } from "./src/crawl/random.ts";
import { draw } from "./src/draw/draw.ts";
import { openWorld } from "./src/draw/open-world.ts";
import { linesOf } from "./src/draw/verdict.ts";

/**
 * `npm run e2e:draw -- [minutes] [seed] [--only words]`: a fault every ten seconds while people work and reminders ring, drawn from all that
 * `src/draw` knows; afterwards every promise must hold. Embedded, or on Dapr (`CARILLON_MODE=dapr`, `STACK_DIR`). Prints the seed, with
 * which the same faults come in the same order. Needs root, and `ss` of iproute2 on a kernel with `INET_DIAG_DESTROY`.
 */
const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: { only: { type: "string", multiple: true } },
});
const [minutes = 20, seed = crypto.getRandomValues(new Uint32Array(1))[0] ?? 0] = positionals.map(Number);
const everyMs = 10_000;
const say = (line: string): void => void process.stdout.write(`${line}\n`);

say(`seed ${seed}`);
const world = await openWorld(process.env.CARILLON_MODE === "dapr", createRandom(seed));
let amiss: string[] = [];
let output = "";
try {
  amiss = await draw(world, { minutes, everyMs, only: values.only ?? [], say });
} catch (error) {
  amiss = [Bun.inspect(error)];
} finally {
  output = world.product.output();
  await world.close();
}
const { tries, confirmed } = world.load;
const waited = tries.filter(({ status }) => status === 503).length;
say(`${tries.length} requests, ${waited} answered with 503; ${confirmed.created.size} tasks made`);
for (const one of [...amiss, ...linesOf(output, amiss)]) say(one);
if (amiss.length > 0) {
  const file = join(tmpdir(), `carillon-draw-${seed}.log`);
  writeFileSync(file, output);
  say(`What the product said is in ${file}.`);
}
say(`\n${amiss.length === 0 ? 1 : 0} passed, ${amiss.length === 0 ? 0 : 1} failed`);
process.exit(amiss.length === 0 ? 0 : 1);
