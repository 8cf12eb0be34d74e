import { readFileSync } from "node:fs";
import { resolve } from "node:path";
import { plugin } from "bun";
import { bugs } from "./bugs.ts";

/** Loaded before the simulator: puts the fault that `PLANTED` names into the file it concerns, as that is read. */
const bug = bugs.find(({ name }) => name === process.env.PLANTED);
if (!bug) throw new Error(`PLANTED names no fault: ${process.env.PLANTED}`);
const path = resolve(import.meta.dir, "../../../..", bug.file);
const text = readFileSync(path, "utf8");
if (text.split(bug.find).length !== 2) throw new Error(`${bug.file} does not have "${bug.find}" once.`);
const escaped = path.replace(/[.*+?^${}()|[\]\\]/g, "\\$&");

plugin({
  name: "a planted fault",
  setup: (build) => {
    build.onLoad({ filter: new RegExp(`^${escaped}$`) }, () => ({
      contents: text.replace(bug.find, () => bug.put),
      loader: "ts",
    }));
  },
});
