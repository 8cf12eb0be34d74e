import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import { basename, dirname, join, resolve } from "node:path";

const root = resolve(import.meta.dir, "../../..");

/** The checksums of migrations that were committed: a product that ran one refuses to start with another text of it. */
export const migrationsFile = join(import.meta.dir, "migrations.json");

/** `<schema folder>/<name>` → SHA-256 of each migration that the repository holds or is about to; ways back may change. */
export function migrationChecksums(): Record<string, string> {
  const listed = Bun.spawnSync(["git", "ls-files", "--cached", "--others", "--exclude-standard"], { cwd: root });
  const files = listed.stdout.toString().split("\n");
  return Object.fromEntries(
    files
      .filter((file) => /\/migrations\/(.*\/)?\d{4}_[a-z0-9_]+\.sql$/.test(file))
      .map((file) => [
        keyOf(file),
        createHash("sha256")
          .update(readFileSync(join(root, file)))
          .digest("hex"),
      ]),
  );
}

/** The folder of a schema is `migrations`, or below it where one service has several schemas. */
function keyOf(file: string): string {
  const folder = dirname(file);
  const schema = basename(folder) === "migrations" ? basename(dirname(folder)) : basename(folder);
  return `${schema}/${basename(file, ".sql")}`;
}

export const knownMigrations = (): Record<string, string> => JSON.parse(readFileSync(migrationsFile, "utf8"));
