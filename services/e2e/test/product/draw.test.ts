import { expect } from "bun:test";
import { createRandom } from "../../src/crawl/random.ts";
import { draw } from "../../src/draw/draw.ts";
import { openWorld } from "../../src/draw/open-world.ts";
import { testIn } from "../../src/test-in.ts";

testIn(
  "embedded",
  "`npm run e2e:draw` with CARILLON_MODE=dapr asks the product there",
  "a fault every six seconds for a minute, drawn from all there are: at its end every promise holds",
  async () => {
    const seed = crypto.getRandomValues(new Uint32Array(1))[0] ?? 0;
    const say = (line: string): void => void process.stdout.write(`  ${line}\n`);
    say(`seed ${seed}`);
    const world = await openWorld(false, createRandom(seed));
    try {
      expect(await draw(world, { minutes: 1, everyMs: 6_000, only: [], say })).toEqual([]);
    } finally {
      await world.close();
    }
  },
  300_000,
);
