import { readFileSync } from "node:fs";
import { resolve } from "node:path";
import { plugin } from "bun";

/** Loaded before the product: the turns of the loops that `STUCK_LOOPS` names (with commas) never end, and may last a second. */
const path = resolve(import.meta.dir, "../../../kit/src/loop/loop.ts");
const text = readFileSync(path, "utf8");
const find = "const bell = createBell();";
if (text.split(find).length !== 2) throw new Error(`${path} does not have "${find}" once.`);
const put = `if (process.env.STUCK_LOOPS?.split(",").includes(name)) {
  maxTurnMs = 1_000;
  Object.assign(options, { firstAfterMs: 0, work: () => new Promise(() => {}) });
}
${find}`;

plugin({
  name: "stuck loops",
  setup: (build) => {
    const filter = new RegExp(`^${path.replace(/[.*+?^${}()|[\]\\]/g, "\\$&")}$`);
    build.onLoad({ filter }, () => ({ contents: text.replace(find, () => put), loader: "ts" }));
  },
});
