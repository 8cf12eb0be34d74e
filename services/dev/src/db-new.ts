import { existsSync, mkdirSync, readdirSync, renameSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { migrationFolder, schemas } from "@carillon/kit/database";

/**
 * `npm run db:new -- <service> <what_it_does>`: the next migration of a schema, and the way back
 * beside it. drizzle-kit writes what changed in the tables that the service's `drizzle.config.ts`
 * names; triggers, functions and ways back are written by hand.
 */
const say = (line: string): void => void process.stdout.write(`${line}\n`);

function create(): void {
  const [given, name = ""] = process.argv.slice(2);
  const schema = schemas.find((candidate) => candidate === given);
  if (!schema || !/^[a-z0-9_]+$/.test(name))
    throw new Error(`Name one of ${schemas.join(", ")}, and what it does, as in add_tag_colour.`);
  const folder = migrationFolder(schema);
  mkdirSync(folder, { recursive: true });
  const next = `${nextNumber(folder)}_${name}`;
  const up = join(folder, `${next}.sql`);
  const written = generated(folder, name);
  if (written === null) writeFileSync(up, `-- ${name.replaceAll("_", " ")}\n`);
  // drizzle-kit counts its own migrations only; hand-written ones have taken numbers too.
  else renameSync(written, up);
  const down = join(folder, `${next}.down.sql`);
  writeFileSync(down, `-- The way back from ${next}.sql.\n`);
  say(`Now write or read\n  ${up}\n  ${down}`);
}

function nextNumber(folder: string): string {
  const numbers = readdirSync(folder).flatMap((file) => /^(\d{4})_.*\.sql$/.exec(file)?.[1] ?? []);
  return String(Math.max(-1, ...numbers.map(Number)) + 1).padStart(4, "0");
}

/** The file drizzle-kit wrote, or null where there is no schema in Drizzle or nothing in it changed. */
function generated(folder: string, name: string): string | null {
  const service = dirname(folder);
  if (!existsSync(join(service, "drizzle.config.ts"))) return null;
  const before = new Set(readdirSync(folder));
  const drizzle = Bun.spawnSync([process.execPath, "x", "--no-install", "drizzle-kit", "generate", "--name", name], {
    cwd: service,
    stdout: "inherit",
    stderr: "inherit",
  });
  if (!drizzle.success) throw new Error("drizzle-kit could not write the migration.");
  const made = readdirSync(folder).find((file) => file.endsWith(".sql") && !before.has(file));
  return made === undefined ? null : join(folder, made);
}

try {
  create();
} catch (error) {
  process.stderr.write(`${error instanceof Error ? error.message : error}\n`);
  process.exit(1);
}
