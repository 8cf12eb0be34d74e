import { existsSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { holdingsOf } from "./processes-of.ts";
import type { Fault, World } from "./world.ts";

const few = (world: World): number => 2_000 + world.random.below(4_000);
/** What a drain may take (G24). */
const drainMs = 20_000;

async function stopInOrder({ product, objections }: World): Promise<void> {
  const startedAt = performance.now();
  const code = await product.terminate();
  const tookMs = performance.now() - startedAt;
  if (code !== 0) objections.push(`G24: asked to stop, the product ended with ${code}`);
  if (tookMs > drainMs) objections.push(`G24: asked to stop, the product took ${Math.round(tookMs)} ms`);
  await product.restart();
}

async function flicker({ product }: World): Promise<void> {
  for (let times = 0; times < 12; times++) {
    process.kill(product.pid(), "SIGSTOP");
    await Bun.sleep(250);
    process.kill(product.pid(), "SIGCONT");
    await Bun.sleep(150);
  }
}

/** The process may open almost no descriptor more. */
async function withoutDescriptors(world: World): Promise<void> {
  const pid = world.product.pid();
  const limit = (count: string) => Bun.spawnSync(["prlimit", "--pid", String(pid), `--nofile=${count}`]);
  const read = Bun.spawnSync(["prlimit", "--pid", String(pid), "--nofile", "--output", "SOFT", "--noheadings"]);
  const before = read.stdout.toString().trim();
  if (read.exitCode !== 0 || !before) throw new Error(`prlimit does not answer: ${read.stderr}`);
  limit(`${(holdingsOf(pid)?.descriptors ?? 100) + 2}:`);
  await Bun.sleep(few(world));
  limit(`${before}:`);
}

/** Where the mails go is a file and no folder. */
async function withoutMail(world: World): Promise<void> {
  const folder = join(world.product.dataDir, "mail");
  const aside = join(world.product.dataDir, "mail-aside");
  if (!existsSync(folder)) return;
  renameSync(folder, aside);
  writeFileSync(folder, "");
  await Bun.sleep(few(world));
  rmSync(folder, { recursive: true });
  renameSync(aside, folder);
}

export const processFaults: Fault[] = [
  {
    name: "SIGKILL of the product",
    harm: "silence",
    endsProduct: true,
    on: "embedded",
    async run({ product }) {
      await product.kill();
      await product.restart();
    },
  },
  { name: "the product asked to stop", harm: "silence", endsProduct: true, on: "embedded", run: stopInOrder },
  {
    name: "the product frozen",
    harm: "silence",
    on: "embedded",
    async run(world) {
      process.kill(world.product.pid(), "SIGSTOP");
      await Bun.sleep(few(world));
      process.kill(world.product.pid(), "SIGCONT");
    },
  },
  { name: "the product frozen again and again for a moment", harm: "silence", on: "embedded", run: flicker },
  { name: "no descriptor left", harm: "silence", on: "embedded", needs: "prlimit", run: withoutDescriptors },
  { name: "no place for mails", harm: "none", run: withoutMail },
];
