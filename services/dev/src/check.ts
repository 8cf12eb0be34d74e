/**
 * `npm run check`: format and lint, types, promises, words, escaping, the house's own laws, dead code, and the layout of the Terraform
 * where terraform or tofu is installed. No database, well under 20 s; what CI runs is what a laptop runs. Prints what each step found and ends
 * non-zero if any found something.
 */
import { join, resolve } from "node:path";

const root = resolve(import.meta.dir, "../../..");

/** The Bun that runs this: there may be no other on the path. */
const bun = process.execPath;

/** `command` is null where its program is not installed: `name` says so. */
type Step = { name: string; command: string[] | null; cwd?: string };

const formatter = ["terraform", "tofu"].find((name) => Bun.which(name));

const knip = [bun, "x", "--no-install", "knip-bun", "--no-progress", "--no-config-hints"];

const steps: Step[] = [
  {
    name: "format and lint",
    command: [bun, "x", "--no-install", "biome", "ci", "--colors=off", "--error-on-warnings", "."],
  },
  {
    name: "types",
    command: [bun, "node_modules/tsc7/bin/tsc", "--noEmit", "-p", "tsconfig.json"],
  },
  { name: "sizes", command: [bun, "services/dev/src/size-law/main.ts"] },
  { name: "promises", command: [bun, "services/dev/src/promise-law/main.ts"] },
  { name: "words", command: [bun, "services/dev/src/word-law/main.ts"] },
  { name: "escaping (xss-scan)", command: [bun, "x", "--no-install", "xss-scan"], cwd: "web" },
  {
    name: "laws of the house",
    command: [
      bun,
      "test",
      "services/dev/src/boundaries.test.ts",
      "services/dev/src/clocks.test.ts",
      "services/dev/src/documents.test.ts",
      "services/dev/src/house.test.ts",
      "services/dev/src/zones.test.ts",
      "services/contracts/src",
    ],
  },
  { name: "dead code", command: [...knip] },
  { name: "code that only tests use", command: [...knip, "-c", "knip.production.json"] },
  formatter
    ? {
        name: "format of the Terraform",
        command: [formatter, "fmt", "-check", "-diff", "-recursive", "gitops/clusters"],
      }
    : { name: "format of the Terraform: neither terraform nor tofu is installed; CI checks it", command: null },
];

async function run({ name, command, cwd }: Step): Promise<boolean> {
  if (command === null) {
    process.stdout.write(`skip ${name}\n`);
    return true;
  }
  const startedAt = performance.now();
  const child = Bun.spawn(command, {
    cwd: join(root, cwd ?? "."),
    stdout: "pipe",
    stderr: "pipe",
    env: { ...process.env, NO_COLOR: "1" },
  });
  const [out, err, code] = await Promise.all([
    new Response(child.stdout).text(),
    new Response(child.stderr).text(),
    child.exited,
  ]);
  const seconds = ((performance.now() - startedAt) / 1_000).toFixed(1);
  process.stdout.write(`${code === 0 ? "ok  " : "FAIL"} ${name} (${seconds} s)\n`);
  if (code !== 0) process.stdout.write(`${out}${err}\n`);
  return code === 0;
}

const passed = await Promise.all(steps.map(run));
process.exit(passed.every(Boolean) ? 0 : 1);
