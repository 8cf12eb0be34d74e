/**
 * `npm run build -- [service …]`: each service as one program under `dist/<service>`, with what it reads from the disk beside it. It
 * needs Bun and nothing else, on any processor; the images are made of it. `npm run build -- cli`: the command line, for machines of this
 * kind, which needs nothing.
 */
import { cpSync, existsSync, rmSync } from "node:fs";
import { join, resolve } from "node:path";
import { buildProgram } from "@carillon/cli/build";
import { type ServiceName, services } from "@carillon/contracts/names";

const root = resolve(import.meta.dir, "../../..");

const folderOf = (service: ServiceName): string => join(root, service === "web" ? "web" : join("services", service));

/** The created files. @throws AggregateError with the failed builds. */
export async function buildService(service: ServiceName, out: string): Promise<string[]> {
  rmSync(out, { recursive: true, force: true });
  const built = await Bun.build({
    entrypoints: [join(folderOf(service), "src", "main.ts")],
    outdir: out,
    target: "bun",
    // Names stay unminified, because people read production stack traces.
    minify: { whitespace: true, syntax: true, identifiers: false },
    naming: { entry: "main.js", asset: "[name].[ext]" },
    // A developer's shell environment must not end up in a program.
    env: "disable",
  });
  const migrations = join(folderOf(service), "migrations");
  if (existsSync(migrations)) {
    const wanted = (file: string): boolean => !file.includes("/meta");
    cpSync(migrations, join(out, "migrations", service), { recursive: true, filter: wanted });
  }
  return built.outputs.map(({ path }) => path);
}

if (import.meta.main) {
  const given = process.argv.slice(2);
  const unknown = given.find((name) => name !== "cli" && !services.some((service) => service === name));
  if (unknown !== undefined) {
    process.stderr.write(`There is no service ${unknown}; there are ${services.join(", ")}, and cli.\n`);
    process.exit(2);
  }
  if (given.includes("cli")) {
    const file = await buildProgram(join(root, "dist", "cli"));
    process.stdout.write(`${file}: ${Math.round(Bun.file(file).size / 1024 / 1024)} MiB\n`);
  }
  for (const service of services.filter((name) => given.length === 0 || given.includes(name))) {
    const files = await buildService(service, join(root, "dist", service));
    const kib = files.reduce((sum, file) => sum + Bun.file(file).size, 0) / 1024;
    process.stdout.write(`dist/${service}: ${files.length} files, ${Math.round(kib)} KiB\n`);
  }
}
